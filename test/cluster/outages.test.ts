import { expect, onTestFinished, test, vi } from 'vitest'
import { cableTo } from '../support/postgres/cable.ts'
import { isLong } from '../support/postgres/cluster-settings.ts'
import { startDashboards, waits } from '../support/postgres/dashboards.ts'
import { testDatabase } from '../support/postgres/database.ts'
import { startServer } from '../support/postgres/server.ts'
import { fastestFolder } from '../support/temporary-setup.ts'

const timeout = 300_000
const unreachable = /cannot be reached \(.+\)\. Check that PostgreSQL is running/

/** What a dashboard without its database answers, to a probe, a person and a program. */
async function expectSaid(url: string): Promise<void> {
  const asked = async (path: string, accept: string, more: RequestInit = {}) => {
    const headers = { accept, ...(more.body && { 'content-type': 'application/json' }) }
    const answer = await fetch(url + path, { headers, signal: AbortSignal.timeout(60_000), ...more })
    return { status: answer.status, said: await answer.text() }
  }
  const expected = { status: 503, said: expect.stringMatching(unreachable) }
  await vi.waitFor(async () => expect(await asked('/readyz', '*/*')).toEqual(expected), waits)
  // Whoever is known gets the page with its banner.
  expect(await asked('/system', 'text/html')).toEqual({
    status: 503,
    said: expect.stringMatching(
      /role="alert">The database cannot be reached|Nothing can be saved right now\.[\s\S]*cannot be reached/,
    ),
  })
  const body = JSON.stringify({ inputs: { n: 'never' } })
  expect(await asked('/orchestrator/counting/execute', 'application/json', { method: 'POST', body })).toEqual(expected)
}

test.runIf(isLong)('a database that is stopped and started under load loses nothing', { timeout }, async () => {
  const server = await startServer(fastestFolder(), ['synchronous_commit=on'])
  onTestFinished(server.stop)
  const { up, loaded, finish, pool } = await startDashboards(2, { url: server.url, leaseSeconds: 5 })
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    await loaded()
    await server.halt(signal)
    for (const { url } of up()) await expectSaid(url)
    await server.start()
    for (const { url } of up()) {
      await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), waits)
    }
  }
  for (let cut = 0; cut < 3; cut++) {
    await loaded()
    const { rowCount } = await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'configurable-agents' AND datname = current_database()`,
    )
    expect(rowCount).toBeGreaterThan(2)
  }
  await loaded()
  expect(await finish()).toMatchObject({ lost: 0 })
})

test.runIf(isLong).each([
  ['is silent', 'pause', 'resume'],
  ['ends', 'cut', 'mend'],
] as const)(
  'where the network to the database %s, others take over until it is back',
  { timeout },
  async (_, away, back) => {
    const { url } = await testDatabase()
    const cable = await cableTo(url)
    const world = await startDashboards(3, { url, away: cable.url })
    const [victim] = world.up()
    for (let outage = 1; outage <= 2; outage++) {
      await world.loaded()
      cable[away]()
      await world.takenOver(victim!)
      await expectSaid(victim!.url)
      cable[back]()
      await world.back(victim!)
      expect(victim!.output().match(/was silent for too long: others take up its runs/g)).toHaveLength(outage)
    }
    await world.loaded()
    await world.finish()
  },
)
