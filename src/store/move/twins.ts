import type Database from 'better-sqlite3'
import { MoveError } from '../../shared/errors.ts'
import { storableText } from '../postgres/database/session.ts'

const maxNamed = 6

/** Runs that would have one id in PostgreSQL, which has no place for NUL. Throws MoveError. */
export function refuseTwins(sqlite: Database.Database, file: string): void {
  const named = sqlite.prepare("SELECT id FROM workflow_runs WHERE instr(CAST(id AS BLOB), x'00') > 0").pluck()
  const isThere = sqlite.prepare('SELECT 1 FROM workflow_runs WHERE id = ?').pluck()
  const alike = Map.groupBy(named.all() as string[], storableText)
  const twins = [...alike].flatMap(([kept, ids]) => {
    const all = isThere.get(kept) === undefined ? ids : [kept, ...ids]
    return all.length > 1 ? all : []
  })
  if (twins.length === 0) return
  const shown = twins.slice(0, maxNamed).map((id) => JSON.stringify(id))
  const more = twins.length > maxNamed ? ` and ${twins.length - maxNamed} more` : ''
  throw new MoveError(
    `${twins.length} runs of ${file} have ids that differ only in NUL characters, which PostgreSQL cannot hold: ${shown.join(', ')}${more}. Nothing was moved: delete all but one of each, then move.`,
  )
}
