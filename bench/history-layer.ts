import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { createCredentialSeal } from '../src/orchestrator/credentials/sealing.ts'
import { createRunLists } from '../src/orchestrator/history/list.ts'
import { readRunQuery } from '../src/orchestrator/history/query.ts'
import { createAgentDays } from '../src/orchestrator/history/sums/agent-days.ts'
import { createOverview } from '../src/orchestrator/overview/overview.ts'
import { createRegistry } from '../src/orchestrator/registry/registry.ts'
import { keyBytes } from '../src/shared/secrets/seal.ts'
import { systemClock } from '../src/shared/time/clock.ts'
import { utc } from '../src/shared/time/zone.ts'
import { createChangedRuns } from '../src/store/history/changed-runs.ts'
import { createAgentStore } from '../src/store/sqlite/agents/agents.ts'
import type { Store as File } from '../src/store/sqlite/file/open.ts'
import { createHistoryStore } from '../src/store/sqlite/history/store.ts'

/** What stands behind the pages of the history, in this process, on a connection of its own. */
export function createLayer(db: string) {
  const sqlite = new Database(db)
  let reads = 0
  // Nothing of what was read before is used again.
  const changedRuns = { ...createChangedRuns(() => 0), since: () => undefined }
  const file = { db: drizzle(sqlite), path: db, revision: () => String(reads), changedRuns } as unknown as File
  const clock = systemClock
  const store = { ...file, history: createHistoryStore(file, clock) }
  const noKey = { known: () => undefined, needed: () => new Uint8Array(keyBytes) }
  const seal = createCredentialSeal(noKey, () => '')
  const registry = createRegistry(createAgentStore({ ...file, othersVersion: () => reads }), seal, clock)
  const lists = createRunLists({
    store,
    registry,
    schemas: { recall: async () => undefined },
    soFarSeconds: () => undefined,
    now: clock.now,
  })
  const overview = createOverview({
    store,
    registry,
    agents: () => ({ agents: [] }),
    usual: async () => undefined,
    clock,
  })

  return {
    /** Reads what the page of an address shows. */
    reader(path: string): () => Promise<unknown> {
      const { pathname, searchParams } = new URL(path, 'http://localhost')
      const fields = Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]))
      const { query, errors } = readRunQuery(fields, { now: clock.now(), isPosition: store.history.isPosition })
      if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`)
      const read: () => Promise<unknown> = {
        '/': () => overview.overview(utc),
        '/orchestrator': () => createAgentDays(store.history, clock).read(),
        '/runs': () => lists.list(query),
        '/runs/chart': () => lists.figures(query, utc),
      }[pathname]!
      return async () => {
        reads++
        await registry.refresh()
        return read()
      }
    },
    close: () => sqlite.close(),
  }
}
