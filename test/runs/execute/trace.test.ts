import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, page, register, type TestApp } from '../../support/app.ts'
import { insertRuns } from '../../support/runs/runs.ts'

const layout = /^00-([\da-f]{32})-([\da-f]{16})-(0[01])$/
const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceUrl = 'https://traces.example.com/project/x?trace={trace_id}#{trace_id}'

async function withAgent() {
  const agent = await startAgent()
  const app = await buildTestApp({ traceUrl })
  await register(app, agent.url)
  const sent = () => agent.requests.flatMap(({ url, headers }) => (url === '/run' ? String(headers.traceparent) : []))
  return { app, agent, sent }
}

async function executeIn(app: TestApp, traceparent: string): Promise<string> {
  const { json } = await app.inject({
    method: 'POST',
    url: '/orchestrator/writer/execute',
    headers: { accept: 'application/json', 'content-type': 'application/json', traceparent },
    payload: '{"inputs": {"topic": "SQLite"}}',
  })
  return json().run_id
}

test('each run has a trace of its own, which the agent is told and the run keeps', async () => {
  const { app, agent, sent } = await withAgent()
  const runs = [await ended(app, await execute(app, 'writer')), await ended(app, await execute(app, 'writer'))]
  const traces = sent().map((header) => layout.exec(header)!)
  expect(traces.map(([, trace]) => trace)).toEqual(runs.map((run) => run.trace_id))
  expect(traces.map(([, , , flags]) => flags)).toEqual(['01', '01'])
  expect(new Set(traces.flatMap(([, trace, span]) => [trace, span])).size).toBe(4)
  expect(agent.requests.filter(({ url, headers }) => url !== '/run' && headers.traceparent !== undefined)).toEqual([])
})

test.each(['01', '00'])('the trace of a caller is continued, with flags %s', async (flags) => {
  const { app, sent } = await withAgent()
  const run = await ended(app, await executeIn(app, `00-${traceId}-b7ad6b7169203331-${flags}`))
  expect(run.trace_id).toBe(traceId)
  const [, trace, span, sampled] = layout.exec(sent()[0]!)!
  expect([trace, sampled]).toEqual([traceId, flags])
  expect(span).not.toBe('b7ad6b7169203331')
})

test('a header that is malformed is ignored', async () => {
  const { app, sent } = await withAgent()
  const run = await ended(app, await executeIn(app, `00-${traceId}-b7ad6b7169203331`))
  expect(sent()).toEqual([expect.stringContaining(run.trace_id)])
  expect(run.trace_id).not.toBe(traceId)
})

test('the exchange and the curl command have the header that was sent', async () => {
  const { app, sent } = await withAgent()
  const id = await execute(app, 'writer')
  await ended(app, id)
  const [header] = sent()
  expect((await page(app, `/runs/${id}?tab=exchange`)).html.querySelector('.exchange pre')!.text).toContain(
    `traceparent: ${header}`,
  )
  expect((await app.inject(`/runs/${id}/curl`)).payload).toContain(`-H 'traceparent: ${header}'`)
})

test('the page of a run links to its trace, also while it is running', async () => {
  const app = await buildTestApp({ traceUrl })
  const report = { workflow_name: 'nightly', started_at: '2026-11-22T16:00:00Z', trace_id: traceId }
  await api(app, 'POST', '/runs', [
    { ...report, run_id: 'now', status: 'running' },
    { ...report, run_id: 'then', status: 'completed' },
  ])
  await insertRuns(app, [{ id: 'without' }])
  for (const id of ['now', 'then']) {
    const { html, text } = await page(app, `/runs/${id}`)
    expect(html.querySelector('.facts a[target]')!.attributes).toMatchObject({
      href: `https://traces.example.com/project/x?trace=${traceId}#${traceId}`,
      rel: 'noopener noreferrer',
    })
    expect(text).toContain('View trace')
    expect(html.querySelector(`.facts [data-copies-text="${traceId}"]`)).not.toBeNull()
  }
  expect((await page(app, '/runs/without')).text).not.toContain('Trace')
  await app.close()
  const elsewhere = await buildTestApp({ db: app.db })
  const { text } = await page(elsewhere, '/runs/then')
  expect([text.includes('View trace'), text.includes('Trace 0af76519…319c')]).toEqual([false, true])
})

test('exports have the trace of each run', async () => {
  const app = await buildTestApp()
  const report = { run_id: 'one', workflow_name: 'nightly', status: 'completed', started_at: '2026-11-22T16:00:00Z' }
  await api(app, 'POST', '/runs', { ...report, trace_id: traceId })
  const exported = async (query: string) => (await app.inject(`/runs/export?format=${query}`)).payload
  expect(JSON.parse(await exported('ndjson')).trace_id).toBe(traceId)
  expect(JSON.parse(await exported('ndjson&run=one')).trace_id).toBe(traceId)
  const [head, row] = (await exported('csv')).split('\r\n').map((line) => line.split(','))
  expect(row![head!.indexOf('"trace_id"')]).toBe(`"${traceId}"`)
})
