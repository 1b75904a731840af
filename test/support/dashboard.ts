import { onTestFinished } from 'vitest'
import type { Overrides } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { buildTestApp, type TestApp } from './app.ts'
import { freshDatabase } from './store/database.ts'

type Options = Overrides & { db?: string; port?: number; env?: Record<string, string> }

export type OpenDashboard = { url: string; db: string; app: TestApp; stop: () => Promise<void> }

/**
 * The dashboard as `serve` runs it, on a port of its own, but within this process: it is there in a twentieth of the time that
 * `startDashboard` takes, which is for tests of the process itself. It is stopped when the test ends.
 */
export async function openDashboard(options: Options = {}): Promise<OpenDashboard> {
  const { db = await freshDatabase(), port = 0, env = {}, ...overrides } = options
  const app = await buildTestApp(loadConfig({ db, port }, env), overrides)
  const url = await app.listen({ host: '127.0.0.1', port })
  app.orchestrator.start()
  const stop = async () => {
    const closed = app.close()
    // A browser opens connections ahead of need.
    app.server.closeAllConnections()
    await closed
  }
  onTestFinished(stop)
  return { url, db, app, stop }
}
