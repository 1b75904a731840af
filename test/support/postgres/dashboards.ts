import pg from 'pg'
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

const environment = {
  CONFIGURABLE_AGENTS_RUNS_PER_AGENT: String(perAgent),
  CONFIGURABLE_AGENTS_SECRET_KEY: 'ab'.repeat(32),
  CONFIGURABLE_AGENTS_LOG_LEVEL: 'silent',
  CONFIGURABLE_AGENTS_LOG_FORMAT: 'json',
}

/**
 * Dashboards as processes on one database, an agent, and somebody who executes runs on whichever is `up`. `away` is an
 * address by which the first of them reaches the database.
 */
export async function startDashboards(
  count: number,
  { url, away, leaseSeconds = 1 }: { url?: string; away?: string; leaseSeconds?: number } = {},
) {
  const database = url ?? (await testDatabase()).url
  const pool = new pg.Pool({ connectionString: database, max: 2 })
  // Connections are cut on purpose.
  pool.on('error', () => {})
  onTestFinished(() => pool.end())
  const agent = await startCountingAgent()
  const env = { ...environment, CONFIGURABLE_AGENTS_LEASE_SECONDS: String(leaseSeconds) }
  const begin = (db: string, more = {}) => startDashboard({ db, env: { ...env, ...more } })
  const start = (more: number) => Promise.all(Array.from({ length: more }, () => begin(database)))
  const first = away === undefined ? [] : [await begin(away, { CONFIGURABLE_AGENTS_LOG_LEVEL: 'warn' })]
  let up = [...first, ...(await start(count - first.length))]
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
    (await pool.query<Row>(`SELECT id, status, attempt, owner FROM runs WHERE ${where}`)).rows
  const unfinished = () => rows(`status IN ('pending', 'running')`)

  const look = setInterval(async () => {
    const waiting = await unfinished().catch(() => [])
    isBehind = waiting.length > maxWaiting
  }, 500)
  onTestFinished(() => clearInterval(look))

  return {
    pool,
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
        const living = await pool.query<{ id: string }>('SELECT id::text FROM dashboards WHERE gone_at IS NULL')
        expect(living.rows).toHaveLength(up.length)
        const owners = living.rows.map(({ id }) => id)
        expect((await unfinished()).filter(({ id, owner }) => orphans.has(id) && !owners.includes(owner))).toEqual([])
      }, waits)
      return performance.now() - begunAt
    },

    /** Resolves when a dashboard is one of them again, and carries out runs. */
    async back(one: (typeof up)[number]): Promise<void> {
      up = [...up, one]
      const living = 'SELECT FROM dashboards WHERE gone_at IS NULL'
      await vi.waitFor(async () => expect((await pool.query(living)).rowCount).toBe(up.length), waits)
      await vi.waitFor(async () => expect((await fetch(`${one.url}/readyz`)).status).toBe(200), waits)
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
      const ends = `SELECT run_id FROM run_events WHERE kind IN ('completed', 'failed', 'lost', 'cancelled')
        GROUP BY run_id HAVING count(*) > 1`
      expect((await pool.query(ends)).rows).toEqual([])
      expect(agent.most()).toBe(perAgent)
      return { runs: accepted().length, lost: [...found.values()].filter(({ status }) => status === 'lost').length }
    },
  }
}

export { perAgent }
