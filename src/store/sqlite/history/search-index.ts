import { wordsVersion } from '../../../shared/search/words.ts'
import { createDashboardState } from '../file/dashboard-state.ts'
import { isBusy } from '../file/errors.ts'
import type { Store } from '../file/open.ts'
import { createInputLineTable } from './input-lines.ts'
import { createSearchQueue } from './search-queue.ts'

/** `stepMs` is without the commit, `maxText` in UTF-16 units, `pagesAtOnce` of 4 KB are merged between looks at the
 * clock. */
type SearchPace = { stepMs: number; maxText: number; pagesAtOnce: number }
/** Eight pages take half a millisecond, unless a word is in all of 200,000 runs: FTS5 never stops within a word. */
const besideRequests: SearchPace = { stepMs: 4, maxText: 100_000, pagesAtOnce: 8 }

const how = { isSilent: true, isRepeatable: true }

/** Keeps run_search (FTS5) and run_input_lines up with run_index, newest first. FTS5 would merge segments within any
 * write, however long that takes; that is off, and done here in small steps. */
export function createSearchIndex({ db, write }: Store, elapsed: () => number, pace = besideRequests) {
  const sqlite = db.$client
  const queue = createSearchQueue(db, elapsed, pace.maxText)
  const state = createDashboardState({ db })
  const inputLines = createInputLineTable({ db })
  const put = sqlite.prepare(
    'INSERT OR REPLACE INTO run_search (rowid, inputs, outputs, error) VALUES (CAST(? AS INTEGER), ?, ?, ?)',
  )
  const remove = sqlite.prepare('DELETE FROM run_search WHERE rowid = CAST(? AS INTEGER)')
  const removeAll = sqlite.prepare("INSERT INTO run_search (run_search) VALUES ('delete-all')")
  const putLong = sqlite.prepare('INSERT OR IGNORE INTO run_search_long VALUES (?)')
  const removeLong = sqlite.prepare('DELETE FROM run_search_long WHERE seq = ?')
  const merge = sqlite.prepare(`INSERT INTO run_search (run_search, rank) VALUES ('merge', ${pace.pagesAtOnce})`)
  const changes = sqlite.prepare<[], number>('SELECT total_changes()').pluck()

  function indexSome(): void {
    const start = elapsed()
    for (const { seq, text, inputLine } of queue.read(start + pace.stepMs / 2)) {
      if (Array.isArray(text)) put.run(seq, ...text)
      else remove.run(seq)
      if (text === 'long') putLong.run(seq)
      else removeLong.run(seq)
      inputLines.put(seq, inputLine)
      queue.done(seq)
      if (elapsed() >= start + pace.stepMs) return
    }
  }

  function mergeSome(): boolean {
    const until = elapsed() + pace.stepMs / 2
    do {
      const before = changes.get()!
      merge.run()
      if (changes.get()! - before < 2) return false
    } while (elapsed() < until)
    return true
  }

  const indexAnew = sqlite.transaction(() => {
    // Old words of runs that wait would lead every search to runs that it has to leave out again.
    removeAll.run()
    queue.addAll()
    state.set('search_words', String(wordsVersion))
  })

  return {
    /** Indexes all anew where words are split in another way by now; left to the next start where the file is busy. */
    begin(): void {
      if (state.get('search_words') === String(wordsVersion)) return
      try {
        indexAnew.immediate()
      } catch (error) {
        if (!isBusy(error)) throw error
      }
    },

    isBehind: (): boolean => !queue.isEmpty(),

    waiting: queue.count,

    step: (): Promise<void> => write(indexSome, how),

    /** Merges some of the segments. Resolves to whether there may be more. */
    merge: (): Promise<boolean> => write(mergeSome, how),
  }
}
