import fc from 'fast-check'
import type { LightMyRequestResponse } from 'fastify'
import { expect, test } from 'vitest'
import type { Schema } from '../../src/web/api/description.ts'
import { hostileTexts, valuesNear, valuesOf } from '../support/api/arbitrary.ts'
import { type Checks, createChecks } from '../support/api/checked.ts'
import { type Described, declaredAt, examplesOf, urlOf, type Values } from '../support/api/operations.ts'
import type { Caller } from '../support/api/people.ts'
import { exampleWorld } from '../support/api/world.ts'

/** Whatever is sent there, the answer says what is wrong with it. */
const takesAnything = new Set(['POST /orchestrator/test'])
/** Of any request, before its route reads it. */
const unreadable = [400, 413, 415]
/** Of a list, some or all are refused. */
const partly = 207
const requests = 12
/** Of those whose role may do less. */
const others = ['operator', 'viewer', 'nobody'] as const
/** So that a list with twenty fields is sometimes asked with right ones alone. */
const mostOptional = 3
/** There it has ended, or is deleted by then. */
const cannotSucceed = new Set(['POST /runs/{id}/cancel', 'POST /runs/bulk/{id}/stop', 'GET /runs/views/{id}/delete'])
/** What is sent decides it, too: a password, or whose session it is. */
const letsInByMore = new Set(['POST /login', 'POST /settings/sessions/{id}/end'])
/** Of pages and lists. */
const queryNames = [
  'q',
  'state',
  'page',
  'range',
  'incidents',
  'execute',
  'from',
  'inputs',
  'tab',
  'status',
  'cursor',
  'sort',
]

async function open() {
  const world = await exampleWorld('a run that has ended')
  const { document, all, headersOf, mayAsk } = await world.withPeople()
  const check = createChecks(document)
  const components = document.components?.schemas ?? {}

  async function send(
    described: Pick<Described, 'path' | 'operation'> & { method: string },
    values: Values & { text?: string },
    { headers = {}, caller = 'admin' }: { headers?: Record<string, string>; caller?: Caller } = {},
  ) {
    const { method, path } = described
    const payload = values.text ?? (values.body === undefined ? undefined : world.inWorld(JSON.stringify(values.body)))
    return world.app.inject({
      method: method as 'GET',
      url: world.inWorld(urlOf(path, values)),
      headers: {
        accept: 'application/json',
        ...headersOf(caller, described),
        ...(payload !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload !== undefined && { payload }),
    })
  }

  /** Of the parameters, and of the body where there is one. */
  function valuesFor(described: Described): fc.Arbitrary<Values> {
    const { parameters = [] } = described.operation
    const given = (where: string) => {
      const those = parameters.filter((one) => one.in === where)
      const values = those.map((one) => {
        const all = valuesOf(one.schema ?? {}, components)
        const known = one.example === undefined ? all : fc.oneof(all, fc.constant(one.example))
        return [one.name, where === 'path' ? known.filter(isSegment) : known] as const
      })
      const isRequired = (name: string) => those.some((one) => one.name === name && one.required)
      const [required, optional] = [
        values.filter(([name]) => isRequired(name)),
        values.filter(([name]) => !isRequired(name)),
      ]
      return fc
        .subarray(optional, { maxLength: Math.min(mostOptional, optional.length) })
        .chain((chosen) => fc.record(Object.fromEntries([...required, ...chosen])))
    }
    const schema = bodyOf(described)
    return fc.record({
      params: given('path'),
      query: given('query'),
      body: schema ? valuesOf(schema, components) : fc.constant(undefined),
    })
  }

  return { world, all, check, components, send, valuesFor, headersOf, mayAsk }
}

const takesNothing = ({ operation }: Described) => !operation.parameters && !operation.requestBody
const isSegment = (value: unknown) => !['', '.', '..'].includes(String(value).trim())
function bodyOf({ operation }: Described): Schema | undefined {
  const { schema, example } = operation.requestBody?.content['application/json'] ?? {}
  return schema && { ...schema, examples: [example] }
}

/** The status is declared, and the answer is as declared for it. */
function expectDeclared(described: Described, answer: LightMyRequestResponse, check: Checks, others: number[] = []) {
  const { name } = described
  const { statusCode: status, payload } = answer
  const told = `${name} answers ${status} ${payload.slice(0, 300)}`
  if (status >= 500) throw new Error(told)
  const declared = declaredAt(described, status)
  if (!declared || !(declared.isNamed || others.includes(status))) throw new Error(`${told}, which is not declared`)
  if (payload === '' && Object.keys(declared.content).length === 0) return
  const type = String(answer.headers['content-type'] ?? '').split(';')[0]!
  const media = declared.content[type]
  if (!media) throw new Error(`${told} as ${type}, which is not declared`)
  const wrong = /[/+]json$/.test(type) ? check(media.schema!, JSON.parse(payload)) : ''
  if (wrong) throw new Error(`${told}, but ${wrong}`)
}

const groups = [
  'Agents',
  'Registry',
  'Runs',
  'History',
  'Saved views',
  'Bulk actions',
  'Overview',
  'Access',
  'Audit',
  'Dashboard',
]
const groupOf = ({ operation }: Described) => operation.tags![0]!

test.each(groups)('%s: whatever the document allows is answered as it declares', async (group) => {
  const { world, all, check, send, valuesFor } = await open()
  expect(groups).toEqual(expect.arrayContaining(all.map(groupOf)))
  const reached = new Set<string>()
  const ofGroup = all.filter((one) => groupOf(one) === group)
  for (const described of ofGroup) {
    await world.prepare(described.name)
    const property = fc.asyncProperty(valuesFor(described), async (values) => {
      const answer = await send(described, values)
      expectDeclared(described, answer, check)
      if (answer.statusCode < 300) reached.add(described.name)
    })
    await fc.assert(property, { numRuns: takesNothing(described) ? 1 : requests, seed: 1 })
  }
  const names = ofGroup.map(({ name }) => name)
  expect(names.filter((name) => !reached.has(name) && !cannotSucceed.has(name))).toEqual([])
})

test.each(others)('%s asks only what the document lets them ask', async (caller) => {
  const { world, all, check, send, valuesFor, mayAsk } = await open()
  const refused = caller === 'nobody' ? 401 : 403
  const letIn = new Set<string>()
  for (const described of all) {
    await world.prepare(described.name)
    const isAllowed = mayAsk(caller, described)
    const property = fc.asyncProperty(valuesFor(described), async (values) => {
      const answer = await send(described, values, { caller })
      expectDeclared(described, answer, check)
      if (!isAllowed && answer.statusCode !== refused) throw new Error(`${described.name}: ${answer.statusCode}`)
      if (![401, 403].includes(answer.statusCode)) letIn.add(described.name)
    })
    await fc.assert(property, { numRuns: takesNothing(described) ? 1 : requests / 4, seed: 4 })
  }
  const allowed = all.filter((one) => mayAsk(caller, one) && !letsInByMore.has(one.name))
  expect(allowed.map(({ name }) => name).filter((name) => !letIn.has(name))).toEqual([])
})

test('a body that the document does not allow is refused', async () => {
  const { world, all, check, components, send } = await open()
  for (const described of all.filter(({ name }) => !takesAnything.has(name))) {
    const schema = bodyOf(described)
    if (!schema) continue
    await world.prepare(described.name)
    const { params, query } = examplesOf(described)!
    // No body and null are the same.
    const bodies = valuesNear(schema, components).filter((body) => body !== null && check(schema, body) !== '')
    const property = fc.asyncProperty(bodies, async (body) => {
      const answer = await send(described, { params, query, body })
      if (answer.statusCode < 400 && answer.statusCode !== partly)
        throw new Error(`${described.name} took ${JSON.stringify(body)}: ${answer.payload}`)
      expectDeclared(described, answer, check, unreadable)
    })
    await fc.assert(property, { numRuns: requests, seed: 2 })
  }
})

test('no query makes a request fail, in JSON or as a page', async () => {
  const { all, send } = await open()
  for (const described of all.filter(({ method }) => method === 'GET')) {
    const names = (described.operation.parameters ?? []).map(({ name }) => name)
    const name = fc.constantFrom(...names, ...queryNames)
    const property = fc.asyncProperty(
      fc.dictionary(fc.oneof(name, hostileTexts), fc.oneof(hostileTexts, fc.array(hostileTexts, { maxLength: 2 }))),
      fc.constantFrom('application/json', 'text/html', '*/*', 'image/png'),
      async (query, accept) => {
        const { params } = examplesOf(described)!
        const { statusCode, payload } = await send(
          described,
          { params, query, body: undefined },
          { headers: { accept } },
        )
        if (statusCode >= 500) throw new Error(`${described.name} answers ${statusCode} ${payload.slice(0, 300)}`)
      },
    )
    await fc.assert(property, { numRuns: requests / 2, seed: 3 })
  }
})

test('other methods and media types, and what is no JSON, are refused in JSON everywhere', async () => {
  const { all, check, send, headersOf } = await open()
  for (const described of all) {
    const values = examplesOf(described)!
    for (const method of ['PUT', 'PATCH']) {
      const answer = await send({ ...described, method }, { ...values, body: {} }, { headers: headersOf('admin') })
      expect(answer.statusCode, `${method} ${described.path}`).toBe(404)
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    }
    if (!bodyOf(described)) continue
    for (const [text, type, status] of [
      ['a', 'text/plain', 415],
      ['<a/>', 'application/xml', 415],
      ['{"inputs": {}}', 'application/x-www-form-urlencoded', 415],
      ['{"inputs": {', 'application/json', 400],
      ['{"inputs": NaN}', 'application/json', 400],
    ] as const) {
      const answer = await send(described, { ...values, text }, { headers: { 'content-type': type } })
      expect(answer.statusCode, `${described.name} ${type}`).toBe(status)
      expectDeclared(described, answer, check, unreadable)
    }
  }
})
