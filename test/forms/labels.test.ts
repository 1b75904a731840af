import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { buildTestApp, register } from '../support/app.ts'
import { fieldOf, openForm } from '../support/forms/execute-form.ts'

async function openWith(properties: object, required: string[]) {
  const agent = await startAgent({ schema: json({ type: 'object', properties, required }) })
  const app = await buildTestApp()
  await register(app, agent.url)
  return openForm(app)
}

test('an input names what its text holds, and its limits in words', async () => {
  const inputs = {
    mail: [{ type: 'string', format: 'email' }, 'email', ''],
    page: [{ type: 'string', format: 'uri', maxLength: 1 }, 'url', 'up to 1 character'],
    file: [{ type: 'string', contentEncoding: 'base64' }, 'file', ''],
    code: [{ type: 'string', minLength: 4, maxLength: 4 }, 'string', '4 characters'],
    line: [{ type: 'string', minLength: 1, maxLength: 90 }, 'string', '1 to 90 characters'],
    one: [{ type: 'array', items: { type: 'string' }, minItems: 1 }, 'array of string', '1 item or more'],
    two: [{ type: 'array', items: { type: 'string' }, minItems: 2 }, 'array of string', '2 items or more'],
  } as const
  const properties = Object.fromEntries(Object.entries(inputs).map(([name, [schema]]) => [name, schema]))
  const form = await openWith(properties, Object.keys(inputs))
  for (const [name, [, type, limit]] of Object.entries(inputs)) {
    const field = fieldOf(form, name)
    expect(field.querySelector('.type')!.text, name).toBe(type)
    expect(field.querySelectorAll('.hint').at(-1)?.text.trim() ?? '', name).toBe(limit)
  }
})

test('a form begins at the first control that can be typed into, past what is fixed', async () => {
  const variant = (kind: string, name: string) => ({
    type: 'object',
    properties: { kind: { const: kind }, [name]: { type: 'string' } },
    required: ['kind', name],
  })
  const form = await openWith({ source: { oneOf: [variant('web', 'url'), variant('note', 'text')] } }, ['source'])
  const focused = form.html.querySelectorAll('[autofocus]').map((one) => one.getAttribute('name'))
  expect(focused).toEqual([expect.stringMatching(/^v:\/source.*\/url$/)])
})
