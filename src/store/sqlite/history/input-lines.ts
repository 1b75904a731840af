import { payloadLine } from '../../../shared/json/line.ts'
import { createDashboardState } from '../file/dashboard-state.ts'
import { isBusy } from '../file/errors.ts'
import type { Store } from '../file/open.ts'
import { textOf } from './text-of.ts'

/** Lines of another version are made anew: increase it when `payloadLine` changes. */
const version = 1
const stepMs = 4
const atStartMs = 200

/** The table `run_input_lines`. Methods belong inside a transaction. */
export function createInputLineTable({ db }: Pick<Store, 'db'>) {
  const sqlite = db.$client
  const put = sqlite.prepare('INSERT OR REPLACE INTO run_input_lines (seq, line) VALUES (?, ?)')
  const remove = sqlite.prepare('DELETE FROM run_input_lines WHERE seq = ?')
  const seqOf = sqlite.prepare<[string], number>('SELECT seq FROM run_index WHERE run_id = ?').pluck()

  return {
    put(seq: number, line: string | null): void {
      if (line === null) remove.run(seq)
      else put.run(seq, line)
    },

    putOf(runId: string, inputs: string | null): void {
      const line = payloadLine(inputs)
      if (line !== null) put.run(seqOf.get(runId), line)
    },
  }
}

/** Writes the lines of runs that were there before the table was, newest first. Later runs get theirs when indexed. */
export function createInputLines({ db, write }: Store, elapsed: () => number) {
  const table = createInputLineTable({ db })
  const state = createDashboardState({ db })
  const newestBelow = db.$client.prepare<[number], { seq: number; inputs: unknown }>(
    `SELECT r.seq, w.inputs FROM run_index AS r JOIN workflow_runs AS w ON w.id = r.run_id
     WHERE r.seq < ? ORDER BY r.seq DESC LIMIT 1`,
  )
  const keep = (below: number) => state.set('input_lines', `${version} ${below}`)
  /** Undefined for lines of another version. */
  function left(): number | undefined {
    const [known, below] = state.get('input_lines')?.split(' ').map(Number) ?? []
    return known === version ? below : undefined
  }

  function addSome(forMs: number): void {
    const until = elapsed() + forMs
    let below = left() ?? Number.MAX_SAFE_INTEGER
    do {
      const run = below > 0 ? newestBelow.get(below) : undefined
      if (run) table.put(run.seq, payloadLine(textOf(run.inputs)))
      below = run?.seq ?? 0
    } while (below > 0 && elapsed() < until)
    keep(below)
  }

  return {
    /** So a small history has them from the first response on. Left to the next start where the file is busy. */
    begin(): void {
      if (left() !== undefined) return
      try {
        db.$client.transaction(() => addSome(atStartMs)).immediate()
      } catch (error) {
        if (!isBusy(error)) throw error
      }
    },

    async step(): Promise<boolean> {
      if (!left()) return false
      await write(() => addSome(stepMs), { isSilent: true, isRepeatable: true })
      return true
    },
  }
}
