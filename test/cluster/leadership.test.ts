import { expect, onTestFinished, test, vi } from 'vitest'
import { createCluster } from '../../src/orchestrator/cluster/cluster.ts'
import type { Store } from '../../src/store/ports.ts'
import { createTestClock } from '../support/clock.ts'
import { createTestEvents } from '../support/events.ts'
import { testDatabase } from '../support/postgres/database.ts'
import { openTestPostgres } from '../support/store/postgres.ts'

const ttlMs = 60_000
const limits = { perAgent: 4, inAll: 100 }
const noRuns = { takeUp: () => undefined, heed: () => Promise.resolve() }

async function open() {
  const { url, client } = await testDatabase()
  return {
    /** The database has it that so much time has passed. */
    pass: (ms: number) =>
      client.query(`UPDATE leases SET until = until - ${ms}; UPDATE dashboards SET until = until - ${ms}`),
    async start(name: string) {
      const clock = createTestClock()
      const { store } = await openTestPostgres({ url, clock })
      const { events } = createTestEvents()
      const dashboard = { name, version: '1.0.0' }
      const deps = { store: store as Store, dashboard, ttlMs, limits, processId: name, clock, events }
      const cluster = createCluster(deps)!
      await cluster.start(noRuns)
      onTestFinished(() => cluster.close())
      let isLeading = false
      void cluster.leading().then(() => {
        isLeading = true
      })
      return { ...cluster, clock, isLeading: () => isLeading }
    },
  }
}

test('one dashboard does the work for all, until it stops', async () => {
  const { start } = await open()
  const [one, two] = [await start('one'), await start('two')]
  expect([one.leads(), two.leads()]).toEqual([true, false])
  expect([one.isLeading(), two.isLeading()]).toEqual([true, false])
  one.resign()
  expect(one.leads()).toBe(false)
  await one.close()
  await vi.waitFor(async () => {
    await two.clock.advance(ttlMs / 3)
    expect(two.isLeading()).toBe(true)
  })
  expect([one.leads(), two.leads()]).toEqual([false, true])
})

test('a dashboard that was stopped for longer than its lease knows at once that it leads no more', async () => {
  const { start, pass } = await open()
  const [one, two] = [await start('one'), await start('two')]
  await pass(ttlMs + 1)
  await vi.waitFor(async () => {
    await two.clock.advance(ttlMs / 3)
    expect(two.leads()).toBe(true)
  })
  let wasLeading: boolean | undefined
  one.clock.after(ttlMs, () => {
    wasLeading = one.leads()
  })
  await one.clock.leap(ttlMs)
  expect(wasLeading).toBe(false)
  await one.clock.advance(ttlMs)
  expect([one.leads(), two.leads()]).toEqual([false, true])
})

test('whoever waits to lead is let go when this dashboard is to stop', async () => {
  const { start } = await open()
  await start('one')
  const two = await start('two')
  two.resign()
  await vi.waitFor(() => expect(two.isLeading()).toBe(true))
  expect(two.leads()).toBe(false)
})
