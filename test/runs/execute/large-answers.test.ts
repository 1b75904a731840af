import { expect, test } from 'vitest'
import { startAgent, text } from '../../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, page, register } from '../../support/app.ts'

/** Runs on an agent that answers with this text as JSON, to its end. */
async function runWith(answer: string) {
  const agent = await startAgent({ run: text(answer, 200, 'application/json') })
  const app = await buildTestApp()
  const id = await execute(app, await register(app, agent.url))
  return { app, id, run: await ended(app, id) }
}

const many = `[${'{},'.repeat(600_000)}0]`
const deep = `${'{"a":['.repeat(3000)}${']}'.repeat(3000)}`
const manySentence = 'This JSON has more than 500,000 values and names. It is kept, and shown as text.'
const deepSentence = 'This JSON is nested deeper than 1,000 levels. It is kept, and shown as text.'

test.each([
  ['many', many, manySentence],
  ['deep', deep, deepSentence],
])('outputs of %s values are kept to the byte, as text, and the run says so', async (_, outputs, sentence) => {
  const answer = `{"status":"success","outputs":${outputs},"usage":{"total_tokens":7}}`
  const { app, id, run } = await runWith(answer)
  expect(run).toMatchObject({ status: 'completed', total_tokens: 7 })
  expect(run.outputs === outputs).toBe(true)
  const shown = await page(app, `/runs/${id}?tab=json`)
  expect(shown.html.querySelector('[aria-labelledby="outputs-title"]')!.text).toContain(sentence)
  expect((await api(app, 'GET', `/runs/${id}/outputs`)).text === outputs).toBe(true)
})

test('what the envelope says counts, whatever stands beside it', async () => {
  const failed = await runWith(`{"outputs":${many},"status":"failed","error":"out of memory"}`)
  expect(failed.run).toMatchObject({ status: 'failed', error_message: 'The agent says: out of memory' })
  const bare = await runWith(many)
  expect(bare.run.status).toBe('completed')
  expect(bare.run.outputs === many).toBe(true)
})

test('an answer of many values that was cut short is no answer', async () => {
  const { run } = await runWith(`{"status":"success","outputs":${many.slice(0, -2)}`)
  expect(run).toMatchObject({ status: 'failed', error_message: expect.stringContaining('cut short') })
})

test('an object of more members than any envelope has is the result as it is', async () => {
  const answer = `{${Array.from({ length: 20_000 }, (_, index) => `"key ${index}":${index}`).join(',')}}`
  const { run } = await runWith(answer)
  expect(run.status).toBe('completed')
  expect(JSON.stringify(run.outputs)).toBe(answer)
})
