import { expect, test } from 'vitest'
import { json, startAgent } from '../../support/agents/agent.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { createHastyClock } from '../../support/clock.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { startDashboard } from '../../support/process.ts'
import { statusesIn } from '../../support/runs/stored.ts'

const openPage = useBrowser()
const asJson = { accept: 'application/json', 'content-type': 'application/json' }
type Running = { url: string; db: string }

async function post(dashboard: Running, path: string, body: object) {
  const answer = await fetch(dashboard.url + path, { method: 'POST', headers: asJson, body: JSON.stringify(body) })
  expect(answer.status).toBe(200)
  return (await answer.json()) as { run_id: string }
}

/** A run on an agent that takes it to the background, and works on it until the test calls `finish`. */
async function withJob<Dashboard extends Running>(dashboard: Dashboard) {
  const agent = await startAgent({
    run: json({ status: 'async', job_id: 'job-1' }),
    status: json({ job_id: 'job-1', status: 'running' }),
  })
  const finish = () => {
    agent.handlers.status = json({ job_id: 'job-1', status: 'completed', outputs: { report: 'A long report' } })
  }
  await post(dashboard, '/orchestrator/register', { agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url })
  const { run_id: runId } = await post(dashboard, '/orchestrator/writer/execute', { inputs: { topic: 'SQLite' } })
  return { dashboard, runId, finish }
}

const inThisProcess = () => openDashboard({ clock: createHastyClock() })

const runsIn = ({ db }: Running) => statusesIn(db)

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'a run in the background is followed live to its end across a restart after %s',
  { timeout: 60_000 },
  async (signal) => {
    const { dashboard, runId, finish } = await withJob(await startDashboard())
    const page = await openPage({}, /Failed to fetch/)
    await page.goto(`${dashboard.url}/runs/${runId}`)
    await page.getByText('Running in the background', { exact: true }).waitFor()
    await page.evaluate('window.isSamePage = true')

    await dashboard.stop(signal)
    expect(await runsIn(dashboard)).toEqual(['running'])
    const again = await startDashboard({ db: dashboard.db, port: Number(new URL(dashboard.url).port) })
    expect(again.url).toBe(dashboard.url)

    finish()
    await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor()
    await page.getByText('A long report').first().waitFor()
    expect(await page.evaluate('window.isSamePage')).toBe(true)
    expect(await runsIn(again)).toEqual(['completed'])
  },
)

test('a double click on Rerun makes one run, and leads to it, with and without JavaScript', {
  timeout: 60_000,
}, async () => {
  const { dashboard, runId, finish } = await withJob(await inThisProcess())
  finish()
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs/${runId}`)
  await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor()
  await page.getByRole('button', { name: 'Rerun', exact: true }).dblclick()
  await page.waitForURL((url) => /\/runs\/[0-9a-f-]{36}$/.test(url.pathname) && !url.pathname.endsWith(runId))
  await page.locator(`.facts a[href="/runs/${runId}"]`).waitFor()
  await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor()
  expect(await runsIn(dashboard)).toEqual(['completed', 'completed'])

  const plain = await openPage({ javaScriptEnabled: false })
  await plain.goto(`${dashboard.url}/runs/${runId}`)
  await plain.getByRole('button', { name: 'Rerun', exact: true }).dblclick()
  // The second press may break off the navigation that the first one began: no waiting for that one.
  await expect.poll(() => plain.url()).not.toMatch(new RegExp(`${runId}$`))
  expect(await runsIn(dashboard)).toHaveLength(3)
})

test('the time of a run grows on its page, and "Stop waiting" says that the agent may go on', {
  timeout: 60_000,
}, async () => {
  const { dashboard, runId } = await withJob(await inThisProcess())
  const page = await openPage({}, /Failed to fetch/)
  await page.goto(`${dashboard.url}/runs/${runId}`)
  await page.getByText('Running in the background', { exact: true }).waitFor()
  // Also where the dashboard cannot be asked.
  await page.route(`**/runs/${runId}`, (route) =>
    route.request().method() === 'GET' ? route.abort() : route.continue(),
  )
  const time = page.locator('.progress time')
  const before = await time.innerText()
  await expect.poll(() => time.innerText()).not.toBe(before)
  await page.unroute(`**/runs/${runId}`)
  await page.getByRole('button', { name: 'Stop waiting' }).click()
  await page.getByRole('status').filter({ hasText: 'Cancelled' }).waitFor()
  await page.getByText('it may still be working, and costing money').waitFor()
  await page.getByRole('button', { name: 'Stop waiting' }).waitFor({ state: 'detached' })
  expect(await runsIn(dashboard)).toEqual(['cancelled'])
})
