import { expect, test } from 'vitest'
import { type AgentHandler, startAgent } from '../../support/agents/agent.ts'
import { buildTestApp, ended, execute, page, register } from '../../support/app.ts'

const answer = JSON.stringify({ status: 'success', outputs: { result: 'Größe: 5 £ à la carte' } })
const utf16be = Buffer.from(`\ufeff${answer}`, 'utf16le').swap16()
const answers =
  (body: Buffer, type: string, status = 200): AgentHandler =>
  (_, response) =>
    response.writeHead(status, { 'content-type': type }).end(body)

async function executed(run: AgentHandler) {
  const agent = await startAgent({ run })
  const app = await buildTestApp()
  await register(app, agent.url)
  const runId = await execute(app, 'writer')
  return { run: await ended(app, runId), shown: (await page(app, `/runs/${runId}`)).html.querySelector('main')!.text }
}

test.each([
  ['ISO-8859-1', Buffer.from(answer, 'latin1'), 'application/json; charset=ISO-8859-1'],
  ['UTF-16', Buffer.from(answer, 'utf16le'), 'application/json; charset="utf-16le"'],
  ['UTF-16 with a mark', utf16be, 'application/json'],
  ['plain text in windows-1252', Buffer.from('Größe: 5 £ à la carte', 'latin1'), 'text/plain; charset=windows-1252'],
])('outputs in %s are kept as they were meant', async (_, body, type) => {
  const { run, shown } = await executed(answers(body, type))
  expect(run).toMatchObject({ status: 'completed' })
  expect(JSON.stringify(run.outputs)).toContain('Größe: 5 £ à la carte')
  expect(shown).toContain('Größe: 5 £ à la carte')
})

test.each([
  ['application/json', /its answer is not in UTF-8, and it declares no other charset\.$/],
  ['text/plain; charset=utf-8', /its answer is not in utf-8, the charset that it declares\.$/],
  ['text/plain; charset=x-unknown', /its answer is in the charset "x-unknown", which cannot be read\.$/],
])('an answer as %s that is no such text fails the run, and no character is replaced', async (type, sentence) => {
  const { run, shown } = await executed(answers(Buffer.from(answer, 'latin1'), type))
  expect(run).toMatchObject({ status: 'failed', error_message: expect.stringMatching(sentence) })
  expect(shown).not.toContain('\ufffd')
})

test('a refusal whose text cannot be read is still the refusal', async () => {
  const { run } = await executed(answers(Buffer.from('Größe fehlt', 'latin1'), 'text/plain', 422))
  expect(run.error_message).toMatch(/422 Unprocessable Entity: \[its answer is not in UTF-8/)
})
