import { wordsVersion } from '../../../shared/search-words.ts'
import { indexedText, isIndexable } from '../../../shared/searched-text.ts'
import { createDashboardState } from '../file/dashboard-state.ts'
import { isBusy } from '../file/errors.ts'
import type { Store } from '../file/open.ts'

/**
 * How long a step of any kind takes without its commit; how much text it takes in at most, in UTF-16 units, as each adds
 * a segment, and segments have to be merged; how many pages of 4 KB are merged between two looks at the clock.
 */
type SearchPace = { stepMs: number; mostText: number; pagesAtOnce: number }
/** Eight pages take half a millisecond, unless a word is in all of 200,000 runs: FTS5 never stops within a word. */
const besideRequests: SearchPace = { stepMs: 4, mostText: 100_000, pagesAtOnce: 8 }
/** What a run costs besides its text. */
const textPerRun = 200

type Text = { inputs: unknown; outputs: unknown; error: unknown }
type Waiting = Text & { seq: number; runId: string | null }
type Texts = [inputs: string, outputs: string, error: string]
/** No text where the run is gone. */
type Entry = { seq: number; text: Texts | 'long' | undefined }

/**
 * Keeps `run_search` (FTS5) up with run_index: takes in what the triggers have put into run_search_queue, newest first.
 * FTS5 would merge its segments inside of whatever write comes upon too many of them, for as long as that takes; that
 * is turned off, and done here a few pages at a time.
 */
export function createSearchIndex({ db, write }: Store, elapsed: () => number, pace = besideRequests) {
  const sqlite = db.$client
  const waiting = sqlite.prepare<[number], Waiting>(
    `SELECT queue.seq, entry.run_id AS runId, run.inputs, run.outputs, run.error_message AS error
     FROM run_search_queue AS queue
     LEFT JOIN run_index AS entry ON entry.seq = queue.seq
     LEFT JOIN workflow_runs AS run ON run.id = entry.run_id
     WHERE queue.seq < ? ORDER BY queue.seq DESC LIMIT 1`,
  )
  const anyWaiting = sqlite.prepare('SELECT 1 FROM run_search_queue LIMIT 1')
  const countWaiting = sqlite
    .prepare<[number], number>('SELECT count(*) FROM (SELECT 1 FROM run_search_queue LIMIT ?)')
    .pluck()
  const done = sqlite.prepare('DELETE FROM run_search_queue WHERE seq = ?')
  const put = sqlite.prepare(
    'INSERT OR REPLACE INTO run_search (rowid, inputs, outputs, error) VALUES (CAST(? AS INTEGER), ?, ?, ?)',
  )
  const forget = sqlite.prepare('DELETE FROM run_search WHERE rowid = CAST(? AS INTEGER)')
  const keepAsLong = sqlite.prepare('INSERT OR IGNORE INTO run_search_long VALUES (?)')
  const forgetAsLong = sqlite.prepare('DELETE FROM run_search_long WHERE seq = ?')
  const forgetAll = sqlite.prepare("INSERT INTO run_search (run_search) VALUES ('delete-all')")
  const all = sqlite.prepare(
    'INSERT INTO run_search_queue SELECT seq FROM run_index WHERE seq NOT IN (SELECT seq FROM run_search_queue)',
  )
  const state = createDashboardState({ db })
  const merge = sqlite.prepare(`INSERT INTO run_search (run_search, rank) VALUES ('merge', ${pace.pagesAtOnce})`)
  const changes = sqlite.prepare<[], number>('SELECT total_changes()').pluck()

  /** From the oldest to the newest: FTS5 begins another segment whenever a number is below the one before. */
  function read(until: number): Entry[] {
    const entries: Entry[] = []
    let place = Number.MAX_SAFE_INTEGER
    for (let text = 0; text < pace.mostText && (entries.length === 0 || elapsed() < until); text += textPerRun) {
      const row = waiting.get(place)
      if (!row) break
      const entry: Entry = { seq: row.seq, text: row.runId === null ? undefined : textOf(row) }
      if (Array.isArray(entry.text)) for (const part of entry.text) text += part.length
      entries.push(entry)
      place = row.seq
    }
    return entries.reverse()
  }

  function takeSome(): void {
    const start = elapsed()
    for (const { seq, text } of read(start + pace.stepMs / 2)) {
      if (Array.isArray(text)) put.run(seq, ...text)
      else forget.run(seq)
      if (text === 'long') keepAsLong.run(seq)
      else forgetAsLong.run(seq)
      done.run(seq)
      // What is left over is read again.
      if (elapsed() >= start + pace.stepMs) return
    }
  }

  function mergeSome(): boolean {
    const until = elapsed() + pace.stepMs / 2
    do {
      const before = changes.get()!
      merge.run()
      // The command itself counts as one.
      if (changes.get()! - before < 2) return false
    } while (elapsed() < until)
    return true
  }

  const how = { isSilent: true, isRepeatable: true }

  return {
    /**
     * Where texts were taken apart in another way when the index was made, all wait to be taken in anew; until they are,
     * searches read them. Not while another program is writing: then the next start does it.
     */
    begin(): void {
      if (state.get('search_words') === String(wordsVersion)) return
      try {
        const anew = sqlite.transaction(() => {
          // Words of runs that wait would lead every search to runs that it has to leave out again.
          forgetAll.run()
          all.run()
          state.set('search_words', String(wordsVersion))
        })
        anew.immediate()
      } catch (error) {
        if (!isBusy(error)) throw error
      }
    },

    isBehind: (): boolean => anyWaiting.get() !== undefined,

    /** How many runs have yet to be taken in, or forgotten; at most `most`. */
    waiting: (most: number): number => countWaiting.get(most)!,

    /** Takes in some of what waits. Silent: who shows what was found is told by whoever calls this. */
    step: (): Promise<void> => write(takeSome, how),

    /** Merges some of the segments. Resolves to whether more of that may be left to do. */
    merge: (): Promise<boolean> => write(mergeSome, how),
  }
}

function textOf({ inputs, outputs, error }: Text): Texts | 'long' {
  const texts = [asText(inputs), asText(outputs), asText(error)]
  return texts.every(isIndexable) ? (texts.map(indexedText) as Texts) : 'long'
}

/** SQLite keeps what it is given, whatever the type of the column. */
function asText(value: unknown): string | null {
  return value === null || typeof value === 'string' ? value : String(value)
}
