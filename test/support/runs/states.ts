import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { writeAsPython } from '../store/python-rows.ts'

/** The moment at which the first of `insertRuns` began. */
const begin = Date.UTC(2026, 10, 20, 8)

type State = { run?: string; node?: string; data: unknown; after?: number; at?: string }

/** Adds states as the Python program does when a node has ended, `after` seconds past the start of the first run. */
export async function insertStates({ db }: { db: string }, states: State[]): Promise<void> {
  await writeAsPython(db, (file) => {
    const insert = file.prepare(
      'INSERT INTO execution_states (run_id, node_id, state_data, created_at) VALUES (?, ?, ?, ?)',
    )
    states.forEach(({ run = 'one', node = 'write', data, after = 0, at = toDatetime(begin + after * 1000) }) => {
      insert.run(run, node, typeof data === 'string' ? data : JSON.stringify(data), at)
    })
  })
}

/** What Python saves for a node that called a language model. */
export function nodeState(node: string, seconds: number, rest: object = {}) {
  return {
    node_id: node,
    duration_seconds: seconds,
    input_tokens: 150,
    output_tokens: 75,
    total_tokens: 225,
    model: 'gemini-1.5-flash',
    status: 'completed',
    cost_usd: 0.00015,
    outputs: { result: 'text' },
    ...rest,
  }
}
