import { expect, test, vi } from 'vitest'
import { perAgent, startDashboards, waits } from '../support/postgres/dashboards.ts'

/** `npm test` kills three. `npm run test:cluster` kills 500, and has dashboards stand still too. */
const isLong = process.env.KILLS !== undefined
const kills = Number(process.env.KILLS ?? 3)
const timeout = 60_000 + kills * 10_000

test('of dashboards that are killed under load, no run is lost or sent twice', { timeout }, async () => {
  const { up, startMore, loaded, takenOver, finish } = await startDashboards(4)
  let slowest = 0
  for (let kill = 0; kill < kills; kill++) {
    if (up().length === 1) await startMore(3)
    await loaded()
    const victim = up()[kill % up().length]!
    await victim.stop('SIGKILL')
    slowest = Math.max(slowest, await takenOver(victim))
  }
  await loaded()
  const { runs, lost } = await finish()
  expect(runs).toBeGreaterThan(10 * kills)
  expect(lost).toBeLessThanOrEqual(perAgent * kills)
  if (isLong) console.log(`${runs} runs, ${lost} lost with an agent, taken over within ${Math.round(slowest)} ms`)
})

test.runIf(isLong)(
  'a dashboard that stood still, and all that lost the database, go on as they should',
  { timeout },
  async () => {
    const { client, up, loaded, takenOver, back, finish } = await startDashboards(2)
    await loaded()
    const [still] = up()
    still!.child.kill('SIGSTOP')
    await takenOver(still!)
    still!.child.kill('SIGCONT')
    back(still!)
    const living = () => client.query('SELECT FROM dashboards WHERE gone_at IS NULL')
    await vi.waitFor(async () => expect((await living()).rowCount).toBe(2), waits)
    for (let cut = 0; cut < 3; cut++) {
      await loaded()
      const { rowCount } = await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'configurable-agents' AND datname = current_database()`,
      )
      expect(rowCount).toBeGreaterThan(2)
    }
    await loaded()
    await finish()
  },
)
