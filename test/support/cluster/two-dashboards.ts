import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { vi } from 'vitest'
import type { Overrides } from '../../../src/app.ts'
import type { Config } from '../../../src/config.ts'
import { systemClock } from '../../../src/shared/time/clock.ts'
import { openPostgresStore } from '../../../src/store/postgres/store.ts'
import { buildTestApp, type TestApp } from '../app.ts'
import { testDatabase } from '../postgres/database.ts'

export const until = (check: () => unknown) => vi.waitFor(check, { timeout: 12_000, interval: 50 })

/** The whole program, twice, on one PostgreSQL database. The first one leads. */
export async function openTwo(config: Partial<Config> = {}, overrides: Overrides = {}): Promise<[TestApp, TestApp]> {
  const { url } = await testDatabase()
  async function start(port: number) {
    const store = await openPostgresStore(url, systemClock)
    const settings = { secretKey: 'ab'.repeat(32), runsPerAgent: 1, ...config, port }
    const app = await buildTestApp(settings, { openStore: () => store, clock: systemClock, ...overrides })
    await app.orchestrator.start()
    return app
  }
  return [await start(8001), await start(8002)]
}

/** As a proxy that gives each request to the next of them. */
export function roundRobin(apps: TestApp[]): (request: InjectOptions) => Promise<LightMyRequestResponse> {
  let next = 0
  return (request) => apps[next++ % apps.length]!.inject(request)
}
