import { pino } from 'pino'
import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, expectProblem, page, register, submit, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'

const now = Date.UTC(2026, 10, 22, 17)
const open = () => buildTestApp({}, { clock: createTestClock(now) })

const running = {
  run_id: 'nightly-1',
  workflow_name: 'nightly_report',
  status: 'running',
  started_at: '2026-11-22T16:58:00',
  inputs: { topic: 'Zeppelins' },
}
const failed = {
  ...running,
  ...{ run_id: 'nightly-2', agent_id: 'reporter', status: 'failed', completed_at: '2026-11-22T16:58:08.500' },
  ...{ error: 'The archive is closed', outputs: { pages: 3 }, total_tokens: 1200, total_cost_usd: 0.25 },
}

async function report(app: TestApp, ...reports: object[]): Promise<void> {
  const { status, json } = await api(app, 'POST', '/runs', reports)
  expect(status, JSON.stringify(json)).toBe(200)
}

test('a reported run is in lists, searches, counts, sums and exports like any other', async () => {
  const app = await open()
  await report(app, running, failed)
  const get = async (url: string) => (await api(app, 'GET', url)).json
  const idsOf = async (query: string) => (await get(`/runs?${query}`)).runs.map((run: { run_id: string }) => run.run_id)
  expect(await get('/runs')).toMatchObject({ total: 2, counts: { running: 1, failed: 1 } })
  expect(await idsOf('q=zeppelins')).toEqual(['nightly-2', 'nightly-1'])
  expect(await idsOf('agent=reporter&status=failed')).toEqual(['nightly-2'])
  expect(await idsOf('agent=%2Flocal')).toEqual(['nightly-1'])
  const chart = await page(app, '/runs/chart')
  expect(chart.text).toContain('$0.25')
  const { payload } = await app.inject('/runs/export?format=ndjson&status=failed')
  expect(JSON.parse(payload)).toMatchObject({ run_id: 'nightly-2', error_message: 'The archive is closed' })
  const overview = (await page(app, '/')).text
  for (const shown of ['nightly_report', 'The archive is closed', '$0.25']) expect(overview).toContain(shown)
  const compared = (await page(app, '/runs/compare?a=nightly-1&b=nightly-2')).text
  expect(compared).toContain('Agent ID none reporter')
})

test('the page of a run says that its program reported it, and offers nothing that only the program can do', async () => {
  const agent = await startAgent()
  const app = await open()
  await register(app, agent.url, 'reporter')
  await report(app, running, { ...running, run_id: 'of-agent', agent_id: 'reporter' }, failed)
  for (const id of ['nightly-1', 'of-agent']) {
    const { html, text } = await page(app, `/runs/${id}`)
    expect(text).toContain('Reported now by its program')
    expect(text).toContain('Only its program can stop it.')
    expect(html.querySelector('[data-running]')!.text).toBe('2m 0s')
    expect(html.querySelectorAll('.head-end form, .head-end a')).toEqual([])
  }
  const { html, text } = await page(app, '/runs/nightly-2')
  expect(text).toContain('Fix it, then run it again from its program.')
  expect(html.querySelectorAll('.head-end form, .head-end a').map((one) => one.text.trim())).toEqual(['Compare'])
  expect((await page(app, '/runs?agent=reporter')).text).not.toContain('not registered')
})

test('nobody stops it, runs it again, or takes it up after a restart', async () => {
  const agent = await startAgent()
  const first = await open()
  await register(first, agent.url, 'reporter')
  await report(first, { ...running, agent_id: 'reporter' }, failed)
  const answers = [
    await api(first, 'POST', '/runs/nightly-1/cancel'),
    await api(first, 'POST', '/runs/nightly-2/rerun'),
  ]
  for (const answer of answers) expectProblem(answer, 409)
  expect(answers.map((answer) => answer.json.detail)).toEqual([
    'Its own program carries this run out itself; only it can stop it.',
    'Its own program ran this itself. Run it again there.',
  ])
  await insertRuns(first, [{ id: 'ours', workflow_name: 'reporter', agent_id: 'reporter', status: 'running' }])
  await first.close()

  const second = await buildTestApp({ db: first.db }, { clock: createTestClock(now) })
  await second.orchestrator.start()
  expect(await ended(second, 'ours')).toMatchObject({ status: 'lost' })
  expect((await api(second, 'GET', '/runs/nightly-1')).json).toMatchObject({ status: 'running' })
  expect(agent.requests.filter(({ url }) => url === '/run')).toEqual([])
})

test('a bulk action leaves it out with the reason, and deletes it even while it is running', async () => {
  const app = await buildTestApp()
  await report(app, running, failed)
  const bulk = async (action: string) => {
    const body = { action, run_ids: ['nightly-1', 'nightly-2'], confirm: true }
    const { bulk_id: id } = (await api(app, 'POST', '/runs/bulk', body)).json
    await expect.poll(async () => (await api(app, 'GET', `/runs/bulk/${id}`)).json.status).toBe('done')
    const { done, reasons } = (await api(app, 'GET', `/runs/bulk/${id}`)).json
    return [done, ...reasons.map(({ reason }: { reason: string }) => reason).sort()]
  }
  const { text } = await submit(app, '/runs/bulk', { action: 'delete', run: 'nightly-1' })
  expect(text).toContain('of other programs is still running, as far as is known.')
  app.orchestrator.start()
  expect(await bulk('cancel')).toEqual([
    0,
    'Its own program carries this run out itself; only it can stop it.',
    'This run had already ended.',
  ])
  expect(await bulk('rerun')).toEqual([0, 'Its own program ran this itself. Run it again there.'])
  expect(await bulk('delete')).toEqual([2])
  expect((await api(app, 'GET', '/runs')).json.total).toBe(0)
})

test('the log hears once that it ended', async () => {
  const lines: Record<string, unknown>[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) })
  const app = await buildTestApp({}, { clock: createTestClock(now), logger })
  await report(app, { ...failed, status: 'running', error: null, completed_at: null })
  await report(app, failed)
  await report(app, failed)
  expect(lines.filter(({ msg }) => msg === 'Run ended')).toMatchObject([
    { runId: 'nightly-2', agentId: 'reporter', status: 'failed', durationSeconds: 8.5 },
  ])
})
