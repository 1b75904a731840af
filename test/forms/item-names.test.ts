import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { buildTestApp, register } from '../support/app.ts'
import { openForm, sendForm } from '../support/forms/execute-form.ts'

const words = { type: 'array', items: { type: 'string' } }
const step = { type: 'object', properties: { codec: { const: 'av1' }, passes: { type: 'integer' } } }

test.each([
  ['jobs', { type: 'array', items: { anyOf: [words, { type: 'integer' }, step] } }, 'jobs, item 2'],
  ['prices', { type: 'object', additionalProperties: { anyOf: [words, { type: 'number' }] } }, 'prices, value 2'],
  ['grid', { type: 'array', items: words }, 'grid, item 2'],
  [
    'pair',
    { type: 'array', prefixItems: [{ type: 'integer' }, { anyOf: [words, step] }], items: false },
    'pair, item 2',
  ],
])('each control of %s is called by its place there', async (name, type, place) => {
  const agent = await startAgent({ schema: json({ workflow: 'w', inputs: { [name]: { type, required: true } } }) })
  const app = await buildTestApp()
  await register(app, agent.url)
  const opened = await openForm(app)
  const form = name === 'pair' ? opened : await sendForm(app, opened.entries, `add:/${name}`)
  const shown = form.html.querySelectorAll('[aria-label], [data-name]')
  const labels = shown.flatMap((one) =>
    [one.getAttribute('aria-label') ?? [], one.getAttribute('data-name') ?? []].flat(),
  )
  expect(labels.filter((one) => /^\d|[:,] \d|(?:of|for|to|empty) \d/.test(one))).toEqual([])
  expect(labels).toContain(`${place}, item 1`)
  expect(labels).toContain(`Remove item 1 of ${place}`)
  if (name !== 'grid') expect(labels).toContain(`Kind of ${place}`)
})
