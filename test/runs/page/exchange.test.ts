import { spawnSync } from 'node:child_process'
import type { HTMLElement } from 'node-html-parser'
import { expect, test } from 'vitest'
import { json, text } from '../../support/agents/agent.ts'
import { api, ended, execute, page, type TestApp } from '../../support/app.ts'
import { askedAgain, endedInTime, withAgent, withJob } from '../../support/runs/executed.ts'
import { allStored, rawCount } from '../../support/store/raw.ts'

async function exchanges(app: TestApp, runId: string) {
  const { html } = await page(app, `/runs/${runId}?tab=exchange`)
  return html.querySelectorAll('.exchange:not(#exchange-curl)').map((exchange: HTMLElement) => ({
    summary: exchange.querySelector('summary')!.text.replace(/\s+/g, ' ').trim(),
    sent: exchange.querySelectorAll('pre')[0]!.text,
    received: exchange.querySelectorAll('pre')[1]?.text,
  }))
}

const longAnswer = JSON.stringify({ status: 'success', outputs: { result: 'x'.repeat(10_000) } })

test('shows what was sent and what came back: method, address, headers, status, body', async () => {
  const { agent, app } = await withAgent({
    run: text('{"detail":"no"}', 500, 'application/json', { 'x-trace': 'abc' }),
  })
  const runId = await execute(app, 'writer', { topic: 'SQLite' })
  await ended(app, runId)
  const [one, ...more] = await exchanges(app, runId)
  expect(more).toEqual([])
  expect(one!.summary).toMatch(new RegExp(`^500 POST ${agent.url}/run [\\d.]+ ms$`))
  expect(one!.sent.split('\n')).toEqual(
    expect.arrayContaining(['content-type: application/json', `idempotency-key: ${runId}`, '', '{"topic":"SQLite"}']),
  )
  const received = one!.received!.split('\n')
  expect(received).toEqual(expect.arrayContaining(['content-type: application/json', 'x-trace: abc']))
  expect(received.at(-1)).toBe('{"detail":"no"}')
})

test('keeps the first 4 KiB of a body, and no cookies and credentials', async () => {
  const secrets = { 'set-cookie': 'session=topsecret', 'www-authenticate': 'Basic realm="topsecret"' }
  const { app } = await withAgent({ run: text(longAnswer, 200, 'application/json', secrets) })
  const runId = await execute(app, 'writer', { topic: 'y'.repeat(10_000) })
  await ended(app, runId)
  const [{ sent, received } = { sent: '', received: '' }] = await exchanges(app, runId)
  expect(sent.split('\n').at(-1)).toBe(`{"topic":"${'y'.repeat(4096 - 10)}`)
  expect(received!.split('\n').at(-1)).toBe(longAnswer.slice(0, 4096))
  expect(await rawCount(app, 'run_exchanges')).toBe(1)
  expect(await allStored(app)).not.toContain('topsecret')
})

test('a password is in nothing that is kept or shown, also where the agent repeats it', async () => {
  const password = 'hunter2"\\ünicode'
  const schema = json({
    workflow: 'mailer',
    inputs: {
      to: { type: 'str', required: true },
      key: { type: { type: 'string', format: 'password' }, required: true },
    },
    outputs: [],
  })
  const run = (...[request, response, body]: Parameters<ReturnType<typeof json>>) =>
    json({ status: 'failed', error: `Wrong key ${password}`, echo: JSON.parse(body) })(request, response, body)
  const { app, posts } = await withAgent({ schema, run })
  const runId = await execute(app, 'writer', { to: 'anna', key: password })
  await ended(app, runId)
  expect(JSON.parse(posts()[0]!.body)).toEqual({ to: 'anna', key: password })
  const [one] = await exchanges(app, runId)
  expect(one!.sent.split('\n').at(-1)).toBe('{"to":"anna"}')
  const { html } = await page(app, `/runs/${runId}?tab=json`)
  expect(html.text).toContain('Sent too, and not kept: key')
  const kept = await allStored(app)
  expect(kept).toContain(runId)
  const first = (await page(app, `/runs/${runId}`)).html
  expect(first.querySelector('.pairs')!.text.replace(/\s+/g, ' ')).toContain('key sent, not kept')
  for (const text of [kept, html.text, first.text, (await api(app, 'GET', `/runs/${runId}`)).text]) {
    expect(text.includes('hunter2')).toBe(false)
  }
})

test('a call without an answer says why', async () => {
  const { agent, app } = await withAgent({ run: (request) => request.socket.destroy() })
  const runId = await execute(app, 'writer')
  await ended(app, runId)
  const [one] = await exchanges(app, runId)
  expect(one!.summary).toContain(`connection closed without a response POST ${agent.url}/run`)
  expect(one!.received).toBeUndefined()
})

test('of a job the first and the last word are kept, not every question', async () => {
  const { agent, app, clock, runId } = await withJob()
  for (let poll = 0; poll < 5; poll++) await askedAgain({ app, clock, runId })
  agent.handlers.status = json({ status: 'completed', outputs: { result: 'x' } })
  await endedInTime(app, clock, runId)
  const summaries = (await exchanges(app, runId)).map(({ summary }) => summary.replace(/ [\d.]+ ms$/, ''))
  expect(summaries).toEqual([`200 POST ${agent.url}/run`, `200 GET ${agent.url}/status/job-1`])
})

test.each([
  ['quotes of both kinds', `{"topic":"It's \\"so\\"", "a":"'; echo pwned; '"}`],
  ['what a shell would replace', '{"topic":"$HOME `id` $(id) \\\\ !! * ~ & | ; < > # %s"}'],
  ['line ends and an @ in front', '{\n  "topic": "@file",\n  "b": "é 🏔"\n}'],
])('as a curl command the inputs stay as they are: %s', async (_, inputs) => {
  const { agent, app } = await withAgent({ schema: json({}, 404) })
  const answer = await api(app, 'POST', '/orchestrator/writer/execute', `{"inputs":${inputs}}`)
  await ended(app, answer.json.run_id)
  const { html } = await page(app, `/runs/${answer.json.run_id}?tab=exchange`)
  const command = html.querySelector('#curl')!.text
  expect((await app.inject(`/runs/${answer.json.run_id}/curl`)).payload).toBe(command)
  expect(command).toMatch(/^curl /)
  const parsed = spawnSync('sh', ['-c', command.replace(/^curl/, "printf '%s\\0'")], { encoding: 'utf8' })
  expect(parsed.stderr).toBe('')
  const trace = expect.stringMatching(/^traceparent: 00-[\da-f]{32}-[\da-f]{16}-01$/)
  const headers = ['-H', 'content-type: application/json', '-H', trace]
  const expected = [`${agent.url}/run`, ...headers, '--data-raw', inputs]
  expect(parsed.stdout.split('\0').slice(0, -1)).toEqual(expected)
})
