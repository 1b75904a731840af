import { expect, test } from 'vitest'
import { json, startAgent } from '../../support/agents/agent.ts'
import { endurance, seed } from '../../support/endurance.ts'
import { type Dashboard, startDashboard } from '../../support/process.ts'
import { createRandom } from '../../support/random.ts'
import { freshDatabase } from '../../support/store/database.ts'
import { rawCount, rawRows } from '../../support/store/raw.ts'
import { isOnPostgres } from '../../support/store/which.ts'

const cycles = endurance(5, 200)
const submissionsPerCycle = 6
const asJson = { accept: 'application/json', 'content-type': 'application/json' }

/** Answers at once, in the background, or only after a while, and counts how often it was handed each run. */
async function startWorker(random: () => number) {
  const seen = new Map<string, number>()
  const sent: (() => void)[] = []
  const agent = await startAgent({
    run: (request, response, body) => {
      const id = String(request.headers['idempotency-key'])
      seen.set(id, (seen.get(id) ?? 0) + 1)
      for (const tell of sent) tell()
      const way = random()
      if (way < 0.3) return json({ status: 'async', job_id: id })(request, response, body)
      const answer = () => json({ status: 'success', outputs: { id } })(request, response, body)
      return way < 0.7 ? answer() : setTimeout(answer, random() * 200)
    },
  })
  return { url: agent.url, seen, onSent: (tell: () => void) => sent.push(tell) }
}

/** Submits runs and kills the dashboard after a random number of things have happened; gives the runs it acknowledged. */
async function submitAndKill(
  dashboard: Dashboard,
  random: () => number,
  worker: { onSent: (tell: () => void) => void },
) {
  const acknowledged: string[] = []
  let untilKill = Math.floor(random() * submissionsPerCycle * 2)
  const somethingHappened = () => {
    if (--untilKill === 0) dashboard.child.kill('SIGKILL')
  }
  worker.onSent(somethingHappened)
  const submit = async () => {
    const body = JSON.stringify({ inputs: { topic: 'kill' } })
    const url = `${dashboard.url}/orchestrator/worker/execute`
    const answer = await fetch(url, { method: 'POST', headers: asJson, body }).catch(() => undefined)
    const text = await answer?.text().catch(() => undefined)
    if (answer?.status === 200 && text) acknowledged.push(JSON.parse(text).run_id)
    somethingHappened()
  }
  await Promise.all(Array.from({ length: submissionsPerCycle }, submit))
  await dashboard.stop('SIGKILL')
  return acknowledged
}

async function allEnded(dashboard: Dashboard, runs: string[]): Promise<Map<string, string>> {
  const ends = new Map<string, string>()
  while (ends.size < runs.length) {
    for (const id of runs.filter((one) => !ends.has(one))) {
      const answer = await fetch(`${dashboard.url}/runs/${id}`, { headers: asJson })
      expect(answer.status, `run ${id} is known`).toBe(200)
      const { status } = (await answer.json()) as { status: string }
      if (status !== 'pending' && status !== 'running') ends.set(id, status)
    }
  }
  return ends
}

test(`killed ${cycles} times at any instant, it loses no acknowledged run and sends none twice`, {
  timeout: cycles * 5000 + 60_000,
}, async () => {
  const random = createRandom(seed)
  const worker = await startWorker(random)
  const db = await freshDatabase()
  const env = { CONFIGURABLE_AGENTS_RUNS_PER_AGENT: '100' }
  const first = await startDashboard({ db, env })
  const registration = { agent_id: 'worker', agent_name: 'Worker', agent_url: worker.url }
  const registered = await fetch(`${first.url}/orchestrator/register`, {
    method: 'POST',
    headers: asJson,
    body: JSON.stringify(registration),
  })
  expect(registered.status).toBe(200)
  await first.stop('SIGKILL')

  const acknowledged: string[] = []
  for (let cycle = 0; cycle < cycles; cycle++) {
    acknowledged.push(...(await submitAndKill(await startDashboard({ db, env }), random, worker)))
  }
  const last = await startDashboard({ db, env })
  const ends = await allEnded(last, acknowledged)

  expect(acknowledged.length).toBeGreaterThan(cycles)
  expect(new Set(ends.values()).difference(new Set(['completed', 'lost']))).toEqual(new Set())
  expect([...worker.seen].filter(([, times]) => times > 1)).toEqual([])
  if (!isOnPostgres) expect(await rawRows({ db }, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  const unfinished = (table: string) => `${table} WHERE status IN ('pending', 'running')`
  await expect.poll(() => rawCount({ db }, unfinished('workflow_runs'), unfinished('runs'))).toBe(0)
})
