import { setTimeout as sleep } from 'node:timers/promises'
import { body, headers, register, unlimited } from './engine.ts'
import { requestsPerSecond } from './load.ts'
import { watchServer } from './postgres-cpu.ts'
import { startDashboard } from './programs.ts'

const dashboards = [1, 2, 3]
const env = { ...unlimited, CONFIGURABLE_AGENTS_SECRET_KEY: 'a'.repeat(64) }

/** Runs that some dashboards accept together, on a database where nothing is yet. The agent is one of bare.ts. */
export async function measureAccepting(db: string, agentsUrl: string): Promise<void> {
  for (const count of dashboards) await measureSome(db, `${agentsUrl}/agent/fast`, count)
}

async function measureSome(db: string, agentUrl: string, count: number): Promise<void> {
  const started = []
  for (let index = 0; index < count; index++) started.push(await startDashboard(db, env))
  await register(started[0]!.url, agentUrl)
  // All of them hear of the agent.
  await sleep(1000)
  const server = await watchServer(db)
  const { client } = server
  const runs = async (where: string) =>
    Number((await client.query<{ count: string }>(`SELECT count(*) FROM runs WHERE ${where}`)).rows[0]!.count)
  const before = await runs('true')
  for (const one of started) await one.figures()
  await server.cpuMs()
  const loadedAt = performance.now()
  const address = ({ url }: { url: string }) => `${url}/orchestrator/measured/execute`
  const rates = await Promise.all(
    started.map((one) => requestsPerSecond(address(one), { method: 'POST', headers, body })),
  )
  const endedAt = performance.now()
  while ((await runs("status IN ('pending', 'running')")) > 0) await sleep(50)
  const drainedAt = performance.now()
  const made = (await runs('true')) - before
  const failed = await runs("status <> 'completed'")
  const sizes = await client.query<{ name: string; rows: number; indexes: number }>(`
    SELECT relname AS name, pg_table_size(relid)::float8 AS rows, pg_indexes_size(relid)::float8 AS indexes
    FROM pg_stat_user_tables WHERE relname LIKE 'run%' ORDER BY pg_total_relation_size(relid) DESC LIMIT 5`)
  const serverMs = (await server.cpuMs()) / made
  const used = await Promise.all(started.map((one) => one.figures()))
  for (const one of started) await one.stop()
  await server.stop()
  if (failed > 0) throw new Error(`${failed} runs did not complete`)
  const all = rates.reduce((sum, rate) => sum + rate, 0)
  const cpuMs = used.reduce((sum, one) => sum + one.cpuMs, 0) / made
  console.log(
    `${count} dashboards: ${all.toFixed(0)} runs accepted a second; all ${made} completed, ${(made / ((drainedAt - loadedAt) / 1000)).toFixed(0)} a second,` +
      ` the last ${(drainedAt - endedAt).toFixed(0)} ms after the load`,
  )
  console.log(`  processor of a run: dashboards ${cpuMs.toFixed(2)} ms, PostgreSQL ${serverMs.toFixed(2)} ms`)
  const perRun = (bytes: number) => (bytes / (before + made)).toFixed(0)
  const shown = sizes.rows.map(({ name, rows, indexes }) => `${name} ${perRun(rows)} + ${perRun(indexes)}`)
  console.log(`  bytes of a run in tables and their indexes: ${shown.join(', ')}`)
}
