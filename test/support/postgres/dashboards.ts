import { expect, onTestFinished, vi } from 'vitest'
import { startDashboard } from '../process.ts'
import { testDatabase } from './database.ts'
import { load, startCountingAgent } from './load.ts'

type Row = { id: string; status: string; attempt: number; owner: string }

const perAgent = 4
const agentId = 'counting'
const clients = 6
/** More pile up while dashboards start. */
const maxWaiting = 100
export const waits = { timeout: 30_000, interval: 100 }

const env = {
  CONFIGURABLE_AGENTS_LEASE_SECONDS: '1',
  CONFIGURABLE_AGENTS_RUNS_PER_AGENT: String(perAgent),
  CONFIGURABLE_AGENTS_SECRET_KEY: 'ab'.repeat(32),
  CONFIGURABLE_AGENTS_LOG_LEVEL: 'silent',
}

/** Dashboards as processes on one database, an agent, and somebody who executes runs on whichever is `up`. */
export async function startDashboards(count: number) {
  const { url, client } = await testDatabase()
  const agent = await startCountingAgent()
  const start = (more: number) => Promise.all(Array.from({ length: more }, () => startDashboard({ db: url, env })))
  let up = await start(count)
  const registered = await fetch(`${up[0]!.url}/orchestrator/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ agent_id: agentId, agent_name: 'Counting', agent_url: agent.url }),
  })
  expect(registered.status, await registered.text()).toBe(200)
  let isBehind = false
  const urls = () => up.map((one) => one.url)
  const loads = Array.from({ length: clients }, (_, index) => load(urls, agentId, index * 1e6, () => isBehind))
  const accepted = () => loads.flatMap((one) => one.accepted)
  const rows = async (where: string) =>
    (await client.query<Row>(`SELECT id, status, attempt, owner FROM runs WHERE ${where}`)).rows
  const unfinished = () => rows(`status IN ('pending', 'running')`)

  const look = setInterval(async () => {
    // Connections are cut on purpose.
    const waiting = await unfinished().catch(() => [])
    isBehind = waiting.length > maxWaiting
  }, 500)
  onTestFinished(() => clearInterval(look))

  return {
    client,
    up: () => up,

    /** A load that is under way. */
    async loaded(): Promise<void> {
      const before = accepted().length
      await vi.waitFor(() => expect(accepted().length).toBeGreaterThan(before + 10), waits)
    },

    async startMore(more: number): Promise<void> {
      up = [...up, ...(await start(more))]
    },

    /** Resolves to how long it took until all that a silent dashboard had was somebody else's, or had ended. */
    async takenOver(silent: (typeof up)[number]): Promise<number> {
      const begunAt = performance.now()
      up = up.filter((one) => one !== silent)
      const orphans = new Set((await unfinished()).map(({ id }) => id))
      await vi.waitFor(async () => {
        const living = await client.query<{ id: string }>('SELECT id::text FROM dashboards WHERE gone_at IS NULL')
        expect(living.rows).toHaveLength(up.length)
        const owners = living.rows.map(({ id }) => id)
        expect((await unfinished()).filter(({ id, owner }) => orphans.has(id) && !owners.includes(owner))).toEqual([])
      }, waits)
      return performance.now() - begunAt
    },

    back(one: (typeof up)[number]): void {
      up = [...up, one]
    },

    /** Checks what was promised of every run that was acknowledged. Resolves to how they ended. */
    async finish() {
      for (const one of loads) await one.stop()
      await vi.waitFor(async () => expect(await unfinished()).toEqual([]), waits)
      const found = new Map((await rows('true')).map((run) => [run.id, run]))
      for (const { n, runId } of accepted()) {
        const { status, attempt } = found.get(runId)!
        // What was with the agent as its dashboard fell silent has been sent, and its answer is not known.
        if (status === 'lost') expect([n, attempt]).toEqual([n, 1])
        else expect([n, status, agent.sent.get(n)]).toEqual([n, 'completed', 1])
      }
      expect([...agent.sent].filter(([, times]) => times > 1)).toEqual([])
      expect(agent.most()).toBe(perAgent)
      return { runs: accepted().length, lost: [...found.values()].filter(({ status }) => status === 'lost').length }
    },
  }
}

export { perAgent }
