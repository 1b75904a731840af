import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { createRunLists } from '../src/orchestrator/history/list.ts'
import { readRunQuery } from '../src/orchestrator/history/query.ts'
import { createRunOverview } from '../src/orchestrator/overview/overview.ts'
import { createRegistry } from '../src/orchestrator/registry/registry.ts'
import { systemClock } from '../src/shared/clock.ts'
import { createAgentStore } from '../src/store/sqlite/agents/agents.ts'
import type { Store } from '../src/store/sqlite/file/open.ts'

/** What stands behind the pages of the history, in this process, on a connection of its own. */
export function createLayer(db: string) {
  const sqlite = new Database(db)
  let reads = 0
  // Nothing of what was read before is used again.
  const store = { db: drizzle(sqlite), path: db, revision: () => String(reads) } as unknown as Store
  const clock = systemClock
  const registry = createRegistry(createAgentStore({ ...store, othersVersion: () => reads }), clock)
  const lists = createRunLists({ store, registry, schemas: { recall: async () => undefined }, now: clock.now })
  const overview = createRunOverview({ store, registry, clock })

  return {
    /** Reads what the page of an address shows. */
    reader(path: string): () => Promise<unknown> {
      const { pathname, searchParams } = new URL(path, 'http://localhost')
      const fields = Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]))
      const { query, mistakes } = readRunQuery(fields, clock.now())
      if (mistakes.length > 0) throw new Error(`${path}: ${mistakes[0]!.message}`)
      const read = {
        '/': () => overview.read(),
        '/runs': () => lists.list(query),
        '/runs/chart': () => lists.figures(query),
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
