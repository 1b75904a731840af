import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { announce, asPython } from '../support/agents/announced.ts'
import { buildTestApp, execute, register } from '../support/app.ts'
import { endurance } from '../support/endurance.ts'
import { isAboutFile } from '../support/store/database.ts'
import { startOtherProgram } from '../support/store/other-program.ts'
import { connect } from '../support/store/store.ts'

const agents = 20
const rounds = endurance(2, 20)
/** Between two requests of the same client. */
const paceMs = 50

const pause = () => new Promise((resolve) => setTimeout(resolve, paceMs))

test('while a Python program holds the write lock again and again, no request fails and no beat is lost', async () => {
  isAboutFile()
  const agent = await startAgent()
  const app = await buildTestApp()
  app.orchestrator.start()
  await register(app, agent.url, 'by-hand')
  const ids = Array.from({ length: agents }, (_, index) => `agent-${index}`)
  for (const agent_id of ids) await announce(app, { agent_id, host: '127.0.0.1', port: agent.port })

  const told = new Map<string, string>()
  const failed: unknown[] = []
  let isOver = false
  const answered = new Map<string, number>()
  /** Does the same over and over until it is all over; each time it is answered 200, or noted. */
  async function goOn(name: string, ask: () => Promise<{ status: number }>): Promise<void> {
    for (answered.set(name, 0); !isOver; await pause()) {
      const answer = await ask()
      if (answer.status !== 200) failed.push(answer)
      answered.set(name, answered.get(name)! + 1)
    }
  }
  /** Resolves when each of those with such a name was answered so often again. */
  async function answeredAgain(pattern: RegExp, times: number): Promise<void> {
    const before = [...answered].filter(([name]) => pattern.test(name))
    expect(before.length).toBeGreaterThan(0)
    await expect.poll(() => before.every(([name, count]) => answered.get(name)! >= count + times)).toBe(true)
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
    ...ids.map((id) => goOn(`beat ${id}`, () => beat(id))),
    goOn('register', () => announce(app, { agent_id: 'again' })),
    goOn('execute', async () => ({ status: (await execute(app, 'by-hand')) ? 200 : 500 })),
    ...urls.flatMap((url) =>
      ['text/html', 'application/json'].map((accept) => goOn(`page ${url} ${accept}`, read(url, accept))),
    ),
  ]

  const other = startOtherProgram()
  await answeredAgain(/./, 1)
  for (let round = 0; round < rounds; round++) {
    await other.sql(app.db, 'BEGIN IMMEDIATE')
    // Were the program to wait for the lock, nothing would be answered.
    await answeredAgain(/^page/, 3)
    await other.sql(app.db, `UPDATE agents SET agent_metadata = 'round ${round}' WHERE agent_id = 'by-hand'; COMMIT`)
    await answeredAgain(/./, 1)
  }
  isOver = true
  await Promise.all(work)

  expect(failed).toEqual([])
  const rows = connect(app.db).prepare('SELECT agent_id, last_heartbeat FROM agents').raw().all() as [string, string][]
  const kept = new Map(rows.map(([id, at]) => [id, at.replace(' ', 'T')]))
  expect(told.size).toBe(agents)
  for (const [id, at] of told) expect(kept.get(id), id).toBe(at)
}, 60_000)
