import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startAgent, text } from '../support/agents/agent.ts'
import { anyObject, schemaCase } from '../support/agents/schemas.ts'
import { api, buildTestApp, ended, register } from '../support/app.ts'
import { endurance } from '../support/endurance.ts'
import { openForm, runIdOf, type ShownForm, saidIn, sendForm } from '../support/forms/execute-form.ts'
import { meaningOf } from '../support/json-meaning.ts'

async function withAgent() {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const describe = (schema: string) => {
    agent.handlers.schema = text(schema, 200, 'application/json')
  }
  return { app, describe, bodies: () => agent.requests.filter(({ url }) => url === '/run').map(({ body }) => body) }
}

test('what is filled in is what the agent gets, and gets again when the run is repeated', {
  timeout: 120_000,
}, async () => {
  const { app, describe, bodies } = await withAgent()
  await fc.assert(
    fc.asyncProperty(schemaCase, async ({ schema, inputs }) => {
      describe(schema)
      const form = await openForm(app, { inputs })
      expect(form.status).toBe(200)
      const answer = await sendForm(app, form.entries)
      expect([answer.status, saidIn(answer)]).toEqual([200, []])
      const runId = runIdOf(answer)
      await ended(app, runId)
      expect(meaningOf(bodies().at(-1)!)).toBe(meaningOf(inputs))

      const { json } = await api(app, 'POST', `/runs/${runId}/rerun`)
      await ended(app, json.run_id)
      expect(bodies().at(-1)).toBe(bodies().at(-2))
    }),
    { numRuns: endurance(15, 500) },
  )
})

test('form and JSON say the same, whether the inputs fit the schema or not', { timeout: 120_000 }, async () => {
  const { app, describe } = await withAgent()
  const inputsOf = (form: ShownForm) => form.html.querySelector('#json')!.text
  await fc.assert(
    fc.asyncProperty(schemaCase, anyObject, fc.boolean(), async ({ schema, inputs }, others, isFitting) => {
      describe(schema)
      const given = isFitting ? inputs : others
      const form = await openForm(app, { inputs: given })
      const asJson = await sendForm(app, form.entries, 'view:json')
      expect(saidIn(asJson)).toEqual([])
      expect(meaningOf(inputsOf(asJson))).toBe(meaningOf(given))
      const asForm = await sendForm(app, asJson.entries, 'view:form')
      const again = await sendForm(app, asForm.entries, 'view:json')
      expect(inputsOf(again)).toBe(inputsOf(asJson))
    }),
    { numRuns: endurance(30, 1000) },
  )
})

test('inputs that were typed as JSON reach the agent to the byte', { timeout: 60_000 }, async () => {
  const { app, describe, bodies } = await withAgent()
  await fc.assert(
    fc.asyncProperty(schemaCase, async ({ schema, inputs }) => {
      describe(schema)
      const form = await openForm(app)
      const typed = form.entries.filter(([name]) => !name.startsWith('v:') && name !== 'view')
      const answer = await sendForm(app, [...typed, ['view', 'json'], ['json', inputs]])
      expect([answer.status, saidIn(answer)]).toEqual([200, []])
      await ended(app, runIdOf(answer))
      expect(bodies().at(-1)).toBe(inputs)
    }),
    { numRuns: endurance(10, 250) },
  )
})
