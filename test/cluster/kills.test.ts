import { expect, test, vi } from 'vitest'
import { load, startCountingAgent } from '../support/cluster-load.ts'
import { testDatabase } from '../support/postgres/database.ts'
import { type Dashboard, startDashboard } from '../support/process.ts'

/** `npm test` kills three; KILLS=500 is for a night. */
const kills = Number(process.env.KILLS ?? 3)
const perAgent = 4
const waits = { timeout: 30_000, interval: 100 }
const agentId = 'counting'

type Row = { id: string; status: string; attempt: number; owner: string }

test(
  `of ${kills} times that one of some dashboards is killed under load, no run is lost or sent twice`,
  async () => {
    const { url, client } = await testDatabase()
    const agent = await startCountingAgent()
    const env = {
      CONFIGURABLE_AGENTS_LEASE_SECONDS: '1',
      CONFIGURABLE_AGENTS_RUNS_PER_AGENT: String(perAgent),
      CONFIGURABLE_AGENTS_SECRET_KEY: 'ab'.repeat(32),
      CONFIGURABLE_AGENTS_LOG_LEVEL: 'error',
    }
    const start = () => startDashboard({ db: url, env })
    const startSome = () => Promise.all([start(), start(), start()])
    let dashboards: Dashboard[] = [...(await startSome()), await start()]
    const registered = await fetch(`${dashboards[0]!.url}/orchestrator/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ agent_id: agentId, agent_name: 'Counting', agent_url: agent.url }),
    })
    expect(registered.status, await registered.text()).toBe(200)
    const loads = Array.from({ length: 6 }, (_, index) =>
      load(() => dashboards.map((one) => one.url), agentId, index * 1e6),
    )
    const accepted = () => loads.flatMap((one) => one.accepted)
    const unfinished = async () =>
      (await client.query<Row>(`SELECT id, status, attempt, owner FROM runs WHERE status IN ('pending', 'running')`))
        .rows
    const livingIds = async () =>
      (await client.query<{ id: string }>('SELECT id::text FROM dashboards WHERE gone_at IS NULL')).rows.map(
        ({ id }) => id,
      )

    let takenOver = 0
    for (let kill = 0; kill < kills; kill++) {
      if (dashboards.length === 1) dashboards = [...dashboards, ...(await startSome())]
      const before = accepted().length
      await vi.waitFor(() => expect(accepted().length).toBeGreaterThan(before + 10), waits)
      const victim = dashboards[kill % dashboards.length]!
      await victim.stop('SIGKILL')
      const orphans = (await unfinished()).map(({ id }) => id)
      dashboards = dashboards.filter((one) => one !== victim)
      const killedAt = performance.now()
      // All that it had is somebody else's, or has ended.
      await vi.waitFor(async () => {
        const living = await livingIds()
        expect(living).toHaveLength(dashboards.length)
        const rows = await unfinished()
        expect(rows.filter(({ id, owner }) => orphans.includes(id) && !living.includes(owner))).toEqual([])
      }, waits)
      takenOver = Math.max(takenOver, performance.now() - killedAt)
    }
    for (const one of loads) await one.stop()
    await vi.waitFor(async () => expect(await unfinished()).toEqual([]), waits)

    const runs = new Map(
      (await client.query<Row>('SELECT id, status, attempt, owner FROM runs')).rows.map((run) => [run.id, run]),
    )
    const all = accepted()
    expect(all.length).toBeGreaterThan(10 * kills)
    expect(all.filter(({ runId }) => !runs.has(runId))).toEqual([])
    // What was with the agent as its dashboard was killed has been sent, and its answer is not known.
    for (const { n, runId } of all) {
      const { status, attempt } = runs.get(runId)!
      expect([n, status, agent.sent.get(n) ?? 0]).toEqual([
        n,
        ...(status === 'lost' ? ['lost', expect.any(Number)] : ['completed', 1]),
      ])
      if (status === 'lost') expect(attempt).toBe(1)
    }
    expect([...agent.sent].filter(([, times]) => times > 1)).toEqual([])
    const lost = [...runs.values()].filter(({ status }) => status === 'lost').length
    expect(lost).toBeLessThanOrEqual(perAgent * kills)
    expect(agent.most()).toBe(perAgent)
    if (process.env.KILLS)
      console.log(`${all.length} runs, ${lost} lost with an agent, taken over within ${Math.round(takenOver)} ms`)
  },
  60_000 + kills * 10_000,
)
