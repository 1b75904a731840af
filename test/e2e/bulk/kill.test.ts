import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { endurance } from '../../support/endurance.ts'
import { type Dashboard, startDashboard } from '../../support/process.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { rawCount, rawRows } from '../../support/store/raw.ts'

const kills = endurance(1, 5)
const runs = endurance(150, 1000)
const headers = { accept: 'application/json', 'content-type': 'application/json' }

async function ask(dashboard: Dashboard, path: string, body?: object) {
  const answer = await fetch(dashboard.url + path, {
    headers,
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
  return (await answer.json()) as any
}

test.each(['rerun', 'delete'])(
  '%s of many runs deals with each run once, though the dashboard is killed meanwhile',
  { timeout: 60_000 + kills * 20_000 },
  async (action) => {
    const agent = await startAgent()
    let dashboard = await startDashboard()
    await ask(dashboard, '/orchestrator/register', { agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url })
    await insertRuns(
      dashboard,
      Array(runs).fill({ workflow_name: 'writer', agent_id: 'writer', status: 'failed', inputs: '{"topic":"a"}' }),
    )
    const { bulk_id: id } = await ask(dashboard, '/runs/bulk', { action, filter: 'status=failed', confirm: true })
    const seen: number[] = []
    for (let kill = 1; kill <= kills; kill++) {
      for (;;) {
        const { handled } = await ask(dashboard, `/runs/bulk/${id}`)
        seen.push(handled)
        if (handled >= (runs * kill) / (kills + 2)) break
      }
      await dashboard.stop('SIGKILL')
      expect(seen.at(-1)).toBeLessThan(runs)
      dashboard = await startDashboard({ db: dashboard.db })
    }
    await expect.poll(async () => (await ask(dashboard, `/runs/bulk/${id}`)).status, { timeout: 60_000 }).toBe('done')
    expect(await ask(dashboard, `/runs/bulk/${id}`)).toMatchObject({ total: runs, done: runs, left_out: 0, failed: 0 })
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    const given = (table: string) => `${table} WHERE id LIKE 'run-%'`
    expect(await rawCount(dashboard, given('workflow_runs'), given('runs'))).toBe(action === 'delete' ? 0 : runs)
    const reruns = (table: string) => `SELECT rerun_of FROM ${table} WHERE rerun_of IS NOT NULL`
    const made = await rawRows<{ rerun_of: string }>(dashboard, reruns('workflow_runs'), reruns('runs'))
    expect(made).toHaveLength(action === 'delete' ? 0 : runs)
    expect(new Set(made.map(({ rerun_of }) => rerun_of)).size).toBe(made.length)
  },
)
