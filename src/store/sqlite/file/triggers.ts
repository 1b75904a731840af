import type { Database } from 'better-sqlite3'
import { viewsAndTriggers } from '../sql/triggers.ts'

/** Whether the views and triggers in the file are the ones of this program. */
export function hasOwnTriggers(sqlite: Database): boolean {
  // SQLite keeps the text of a definition as it was written.
  const found = new Set(
    sqlite.prepare<[], string>(`SELECT sql FROM sqlite_schema WHERE type IN ('view', 'trigger')`).pluck().all(),
  )
  return viewsAndTriggers.every((definition) => found.has(definition))
}

/** Makes them anew, all or none: to be called inside a transaction, when every table is there. */
export function makeTriggers(sqlite: Database): void {
  for (const definition of viewsAndTriggers) {
    const [, kind, name] = /^CREATE (VIEW|TRIGGER) (\w+)/.exec(definition)!
    sqlite.exec(`DROP ${kind} IF EXISTS ${name}`)
  }
  for (const definition of viewsAndTriggers) sqlite.exec(definition)
}
