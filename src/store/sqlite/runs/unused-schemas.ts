import { seqAt } from '../../history/ranges.ts'
import type { Store } from '../file/open.ts'

const maxRowsInStep = 100
const maxSchemasInStep = 10
/** As many can be read in the transaction that deletes schemas. */
const fewRuns = 500
/** How much later than its start a run may be recorded: the writer waits for a lock that long. */
const maxDelayMs = 15_000

export function createUnusedSchemas({ db, write }: Store, now: () => number) {
  const sqlite = db.$client
  const hashes = sqlite.prepare<[], string>('SELECT hash FROM input_schemas').pluck()
  const deleteSchema = sqlite.prepare('DELETE FROM input_schemas WHERE hash = ?')
  const runs = sqlite.prepare<[number, number], { seq: number; hash: string | null }>(
    `SELECT entry.seq, run.schema_hash AS hash
     FROM (SELECT seq, run_id, agent_id FROM run_index WHERE seq >= ? AND seq < ? ORDER BY seq DESC LIMIT ${maxRowsInStep})
       AS entry
     LEFT JOIN workflow_runs AS run ON entry.agent_id IS NOT NULL AND run.id = entry.run_id
     ORDER BY entry.seq DESC`,
  )
  const isMoreThanFew = sqlite
    .prepare<[number], number>(`SELECT 1 FROM run_index WHERE seq >= ? LIMIT 1 OFFSET ${fewRuns}`)
    .pluck()

  function* takeOutNamed(unused: Set<string>, from: number, to: number): Generator<void> {
    for (let before = to; unused.size > 0; ) {
      const some = runs.all(from, before)
      for (const { hash } of some) if (hash !== null) unused.delete(hash)
      if (some.length < maxRowsInStep) return
      before = some.at(-1)!.seq
      yield
    }
  }

  function deleteUnused(unused: Set<string>, from: number): void {
    for (const _ of takeOutNamed(unused, from, Number.MAX_SAFE_INTEGER));
    for (const hash of [...unused].slice(0, maxSchemasInStep)) {
      deleteSchema.run(hash)
      unused.delete(hash)
    }
  }

  return async function* deleteSchemas(): AsyncGenerator<void> {
    const unused = new Set(hashes.all())
    let from = 0
    for (let rounds = 0; rounds < 3 && (rounds === 0 || isMoreThanFew.get(from)); rounds++) {
      const begin = seqAt(now() - maxDelayMs)
      yield* takeOutNamed(unused, from, begin)
      from = begin
    }
    // Runs that are accepted meanwhile may name them again. Where these are many, another day will do.
    while (unused.size > 0 && !isMoreThanFew.get(from)) {
      await write(() => deleteUnused(unused, from), { isSilent: true, isRepeatable: true })
      yield
    }
  }
}
