import type { Store } from '../file/open.ts'
import { placeOf } from '../history/ranges.ts'
import { toDatetime } from '../sql/datetime.ts'

/** So many rows are looked at, and at most removed, in one step. */
const rowsAtOnce = 100
/** A schema may be a megabyte. */
const schemasAtOnce = 10
/** As many can be looked through in the transaction that removes schemas. */
const fewRuns = 500
/** A run may be recorded so much later than it says that it began: see how long the writer waits for a lock. */
const recordedLateMs = 15_000

type Table = 'run_events' | 'run_exchanges'

/** Rows of ours that no run needs any more. All of it is removed silently, in steps that resolve to how to go on. */
export function createLeftovers({ db, write }: Store, now: () => number) {
  const sqlite = db.$client
  const removeKeys = sqlite.prepare(
    `DELETE FROM run_keys WHERE key IN (SELECT key FROM run_keys WHERE created_at < ? LIMIT ${rowsAtOnce})`,
  )
  const last = {
    run_events: lastOf('run_events'),
    run_exchanges: lastOf('run_exchanges'),
  }
  const remove = {
    run_events: removalFrom('run_events'),
    run_exchanges: removalFrom('run_exchanges'),
  }
  const hashes = sqlite.prepare<[], string>('SELECT hash FROM input_schemas').pluck()
  const removeSchema = sqlite.prepare('DELETE FROM input_schemas WHERE hash = ?')
  const runs = sqlite.prepare<[number, number], { seq: number; hash: string | null }>(
    `SELECT entry.seq, run.schema_hash AS hash
     FROM (SELECT seq, run_id, agent_id FROM run_index WHERE seq >= ? AND seq < ? ORDER BY seq DESC LIMIT ${rowsAtOnce})
       AS entry
     LEFT JOIN workflow_runs AS run ON entry.agent_id IS NOT NULL AND run.id = entry.run_id
     ORDER BY entry.seq DESC`,
  )
  const isMoreThanFew = sqlite
    .prepare<[number], number>(`SELECT 1 FROM run_index WHERE seq >= ? LIMIT 1 OFFSET ${fewRuns}`)
    .pluck()
  const how = { isSilent: true, isRepeatable: true }

  function lastOf(table: Table) {
    return sqlite
      .prepare<[number], number | null>(
        `SELECT max(id) FROM (SELECT id FROM ${table} WHERE id > ? ORDER BY id LIMIT ${rowsAtOnce})`,
      )
      .pluck()
  }

  function removalFrom(table: Table) {
    return sqlite.prepare(
      `DELETE FROM ${table} WHERE id > ? AND id <= ?
         AND NOT EXISTS (SELECT 1 FROM workflow_runs WHERE workflow_runs.id = ${table}.run_id)`,
    )
  }

  /** Takes out what runs between two places name, from the newest to the oldest, and yields after each step. */
  function* takeOutNamed(unused: Set<string>, from: number, to: number): Generator<void> {
    for (let before = to; unused.size > 0; ) {
      const some = runs.all(from, before)
      for (const { hash } of some) if (hash !== null) unused.delete(hash)
      if (some.length < rowsAtOnce) return
      before = some.at(-1)!.seq
      yield
    }
  }

  function removeUnused(unused: Set<string>, from: number): void {
    for (const _ of takeOutNamed(unused, from, Number.MAX_SAFE_INTEGER));
    for (const hash of [...unused].slice(0, schemasAtOnce)) {
      removeSchema.run(hash)
      unused.delete(hash)
    }
  }

  return {
    /** Keys that were accepted before a moment. Resolves to whether there may be more. */
    removeKeys: (before: number): Promise<boolean> =>
      write(() => removeKeys.run(toDatetime(before)).changes === rowsAtOnce, how),

    /** What was recorded for runs that are gone. Resolves to the id to go on from; undefined at the end. */
    removeWithoutRun: (table: Table, after: number): Promise<number | undefined> =>
      write(() => {
        const to = last[table].get(after) ?? undefined
        if (to !== undefined) remove[table].run(after, to)
        return to
      }, how),

    /** Schemas that no run names. Yields after each step. */
    async *removeSchemas(): AsyncGenerator<void> {
      const unused = new Set(hashes.all())
      let from = 0
      for (let rounds = 0; rounds < 3 && (rounds === 0 || isMoreThanFew.get(from)); rounds++) {
        const begin = placeOf(now() - recordedLateMs)
        yield* takeOutNamed(unused, from, begin)
        from = begin
      }
      // Runs that are accepted meanwhile may name them again. Where these are many, another day will do.
      while (unused.size > 0 && !isMoreThanFew.get(from)) {
        await write(() => removeUnused(unused, from), how)
        yield
      }
    },
  }
}
