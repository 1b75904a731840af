import { payloadLine } from '../../../shared/json/line.ts'
import { indexedText, isIndexable } from '../../../shared/search/text.ts'
import type { Store } from '../file/open.ts'
import { textOf } from './text-of.ts'

/** What a run costs besides its text. */
const charactersPerRun = 200

type Payloads = { inputs: unknown; outputs: unknown; error: unknown }
type Waiting = Payloads & { seq: number; runId: string | null }
type Texts = [inputs: string, outputs: string, error: string]

/** No text where the run is gone. */
type Entry = { seq: number; text: Texts | 'long' | undefined; inputLine: string | null }

export function createSearchQueue({ $client: sqlite }: Store['db'], elapsed: () => number, maxText: number) {
  const newestBelow = sqlite.prepare<[number], Waiting>(
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
  const addAll = sqlite.prepare(
    'INSERT INTO run_search_queue SELECT seq FROM run_index WHERE seq NOT IN (SELECT seq FROM run_search_queue)',
  )

  return {
    isEmpty: (): boolean => anyWaiting.get() === undefined,

    count: (max: number): number => countWaiting.get(max)!,

    read(until: number): Entry[] {
      const entries: Entry[] = []
      let seq = Number.MAX_SAFE_INTEGER
      for (let text = 0; text < maxText && (entries.length === 0 || elapsed() < until); text += charactersPerRun) {
        const row = newestBelow.get(seq)
        if (!row) break
        const entry: Entry = {
          seq: row.seq,
          text: row.runId === null ? undefined : textsOf(row),
          inputLine: payloadLine(textOf(row.inputs)),
        }
        if (Array.isArray(entry.text)) for (const part of entry.text) text += part.length
        entries.push(entry)
        seq = row.seq
      }
      return entries.reverse()
    },

    done: (seq: number): void => void done.run(seq),

    addAll: (): void => void addAll.run(),
  }
}

function textsOf({ inputs, outputs, error }: Payloads): Texts | 'long' {
  const texts = [textOf(inputs), textOf(outputs), textOf(error)]
  return texts.every(isIndexable) ? (texts.map(indexedText) as Texts) : 'long'
}
