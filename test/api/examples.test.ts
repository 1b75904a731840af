import { expect, test } from 'vitest'
import { type Described, declaredAt, examplesOf, urlOf } from '../support/api/operations.ts'
import { exampleWorld } from '../support/api/world.ts'

/** What needs a run that is still going comes first, what removes comes last. */
const order = ({ name, method }: Described) =>
  name.endsWith('/cancel') ? 0 : method === 'GET' ? 1 : method === 'POST' ? 2 : 3

/** Bulk actions of examples take no time. */
const hasEnded = new Set(['POST /runs/bulk/{id}/stop'])

test('every example of the document is answered with what is declared for success', async () => {
  const world = await exampleWorld('a run that goes on')
  const people = await world.withPeople()
  const all = people.all.toSorted((a, b) => order(a) - order(b))
  expect(all.length).toBeGreaterThan(30)
  for (const described of all) {
    const { name, method, path } = described
    const values = examplesOf(described)
    expect(values, `${name} has examples of all that it needs`).toBeDefined()
    await world.prepare(name)
    const answer = await world.app.inject({
      method,
      url: world.inWorld(urlOf(path, values!)),
      headers: {
        accept: 'application/json',
        ...people.headersOf('admin', described),
        ...(values!.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(values!.body !== undefined && { payload: world.inWorld(JSON.stringify(values!.body)) }),
    })
    const { statusCode: status } = answer
    if (status >= 300 && !hasEnded.has(name)) expect.soft(`${name} ${status} ${answer.payload}`).toBe('is a success')
    const type = String(answer.headers['content-type']).split(';')[0]!
    const content = Object.keys(declaredAt(described, status)?.content ?? {})
    if (answer.payload === '') expect(content, name).toEqual([])
    else expect(content, name).toContain(type)
  }
})
