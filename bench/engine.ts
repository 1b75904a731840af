import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { requestsPerSecond } from './load.ts'
import { startDashboard } from './programs.ts'

const polledRuns = 100
const watchedMs = 10_000
export const headers = { accept: 'application/json', 'content-type': 'application/json' }
export const body = JSON.stringify({ inputs: { topic: 'x'.repeat(200) } })
export const unlimited = { CONFIGURABLE_AGENTS_RUNS_PER_AGENT: '1000', CONFIGURABLE_AGENTS_RUNS_IN_ALL: '10000' }

/** What the engine is measured by, on databases of its own in `folder`; the agents are those of bare.ts. */
export async function measureEngine(folder: string, agentsUrl: string): Promise<void> {
  await measureAccepting(join(folder, 'accepting.db'), `${agentsUrl}/agent/fast`)
  await measurePolling(join(folder, 'polling.db'), `${agentsUrl}/busy`)
}

async function measureAccepting(db: string, agentUrl: string): Promise<void> {
  const dashboard = await startDashboard(db, unlimited)
  const url = await register(dashboard.url, agentUrl)
  const rate = await requestsPerSecond(url, { method: 'POST', headers, body })
  const loadEndedAt = performance.now()
  const sqlite = new Database(db, { readonly: true })
  const count = (where: string) =>
    sqlite.prepare(`SELECT count(*) FROM workflow_runs WHERE ${where}`).pluck().get() as number
  while (count("status IN ('pending', 'running')") > 0) await sleep(20)
  const drainMs = performance.now() - loadEndedAt
  const [all, completed] = [count('1'), count("status = 'completed'")]
  sqlite.close()
  await dashboard.stop()
  if (completed !== all) throw new Error(`${all - completed} of ${all} runs did not complete`)
  console.log(
    `\nruns accepted per second: ${rate.toFixed(0)} (aim: 300 or more); all ${all} completed, the last of them`,
  )
  console.log(`${drainMs.toFixed(0)} ms after the load had ended`)
}

async function measurePolling(db: string, agentUrl: string): Promise<void> {
  const dashboard = await startDashboard(db, unlimited)
  const url = await register(dashboard.url, agentUrl)
  await Promise.all(Array.from({ length: polledRuns }, () => post(url, body)))
  const sqlite = new Database(db, { readonly: true })
  const jobs = sqlite.prepare('SELECT count(*) FROM workflow_runs WHERE job_id IS NOT NULL').pluck()
  while ((jobs.get() as number) < polledRuns) await sleep(20)
  sqlite.close()
  await dashboard.figures()
  await sleep(watchedMs)
  const { loopDelayMs } = await dashboard.figures()
  await dashboard.stop()
  console.log(`event-loop delay while ${polledRuns} runs are polled: p99 ${loopDelayMs.toFixed(1)} ms (aim: under 20)`)
}

/** Registers the agent, and gives the address at which it is executed. */
export async function register(dashboardUrl: string, agentUrl: string): Promise<string> {
  const agent = { agent_id: 'measured', agent_name: 'Measured', agent_url: agentUrl }
  await post(`${dashboardUrl}/orchestrator/register`, JSON.stringify(agent))
  return `${dashboardUrl}/orchestrator/measured/execute`
}

async function post(url: string, json: string): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers, body: json })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
}
