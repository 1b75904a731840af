import type { Database } from 'better-sqlite3'
import { viewsAndTriggers } from '../sql/triggers.ts'

export function hasOwnTriggers(sqlite: Database): boolean {
  const found = new Set(
    sqlite.prepare<[], string>(`SELECT sql FROM sqlite_schema WHERE type IN ('view', 'trigger')`).pluck().all(),
  )
  return viewsAndTriggers.every((definition) => found.has(definition))
}

/** Belongs inside a transaction, when every table exists. */
export function makeTriggers(sqlite: Database): void {
  for (const definition of viewsAndTriggers) {
    const [, kind, name] = /^CREATE (VIEW|TRIGGER) (\w+)/.exec(definition)!
    sqlite.exec(`DROP ${kind} IF EXISTS ${name}`)
  }
  for (const definition of viewsAndTriggers) sqlite.exec(definition)
}
