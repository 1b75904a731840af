import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { startAgent } from '../support/agent.ts'
import { announce, asPython } from '../support/announced.ts'
import { buildTestApp, execute, register } from '../support/app.ts'
import { startOtherProgram } from '../support/other-program.ts'
import { connect } from '../support/store.ts'

const agents = 20
const lockMs = 2000
const pauseMs = 500
/** What the event loop may stall for because of the lock, beyond what the same work makes it stall without one. */
const mostStallMs = 250

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('while a Python program holds the write lock again and again, no request fails and no beat is lost', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  app.orchestrator.start()
  await register(app, agent.url, 'by-hand')
  const ids = Array.from({ length: agents }, (_, index) => `agent-${index}`)
  for (const agent_id of ids) await announce(app, { agent_id, host: '127.0.0.1', port: agent.port })

  const told = new Map<string, string>()
  const failed: unknown[] = []
  let isOver = false
  /** Does the same over and over until it is all over; each time it is answered 200, or noted. */
  async function goOn(everyMs: number, ask: () => Promise<{ status: number }>): Promise<void> {
    while (!isOver) {
      const answer = await ask()
      if (answer.status !== 200) failed.push(answer)
      await sleep(everyMs)
    }
  }
  async function beat(id: string) {
    const answer = await asPython(app, 'POST', `/agents/${id}/heartbeat`)
    told.set(id, answer.json.last_heartbeat)
    return answer
  }
  const read = (url: string, accept: string) => async () => {
    const { statusCode: status } = await app.inject({ url, headers: { accept } })
    return { status, url }
  }
  const urls = ['/orchestrator', '/runs', '/agents', '/orchestrator/health-check', '/']
  const work = [
    ...ids.map((id) => goOn(200, () => beat(id))),
    goOn(200, () => announce(app, { agent_id: 'again' })),
    goOn(200, async () => ({ status: (await execute(app, 'by-hand')) ? 200 : 500 })),
    ...urls.flatMap((url) => ['text/html', 'application/json'].map((accept) => goOn(200, read(url, accept)))),
  ]

  const delay = monitorEventLoopDelay({ resolution: 5 })
  async function longestStall(during: () => Promise<unknown>): Promise<number> {
    delay.reset()
    delay.enable()
    await during()
    delay.disable()
    return delay.max / 1e6
  }

  await sleep(pauseMs)
  const other = startOtherProgram()
  await other.sql(app.db, 'SELECT 1')
  const usual = await longestStall(() => sleep(lockMs))
  const locked = await longestStall(async () => {
    for (let round = 0; round < 2; round++) {
      await other.sql(app.db, 'BEGIN IMMEDIATE')
      await sleep(lockMs)
      await other.sql(app.db, `UPDATE agents SET agent_metadata = 'round ${round}' WHERE agent_id = 'by-hand'; COMMIT`)
      await sleep(pauseMs)
    }
  })
  isOver = true
  await Promise.all(work)

  expect(failed).toEqual([])
  const rows = connect(app.db).prepare('SELECT agent_id, last_heartbeat FROM agents').raw().all() as [string, string][]
  const kept = new Map(rows.map(([id, at]) => [id, at.replace(' ', 'T')]))
  expect(told.size).toBe(agents)
  for (const [id, at] of told) expect(kept.get(id), id).toBe(at)
  expect(locked, `${usual} ms without the lock`).toBeLessThan(usual + mostStallMs)
}, 60_000)
