import { AppError, type FieldError, InvalidInputError, NotFoundError } from '../../shared/errors.ts'
import type { Result } from '../../shared/result.ts'
import type { RunStore, RunSummary } from '../../store/ports/runs.ts'
import type { Run, Runs } from '../runs/runs.ts'
import { type Comparison, comparePayloads } from './json.ts'

export type ComparedRuns = { a: Run; b: Run; inputs: Comparison; outputs: Comparison }

export type ComparableRun = { run: Run; repeats: RunSummary[]; reruns: RunSummary[]; before: RunSummary[] }

export type RunComparison = {
  /** Takes ids or URLs. Throws InvalidInputError, and a 404 that names the field when there is no such run. */
  compare(a: string, b: string): Promise<ComparedRuns>
  /** Throws NotFoundError. */
  with(id: string): Promise<ComparableRun>
}

const maxReruns = 10
const maxBefore = 3

export function createRunComparison(runs: Runs, store: Pick<RunStore, 'summaries' | 'earlier'>): RunComparison {
  async function find(field: 'a' | 'b', text: string): Promise<Result<Run, FieldError>> {
    try {
      return { value: await runs.get(idIn(text)) }
    } catch (error) {
      if (error instanceof NotFoundError) return { error: { field, message: error.message } }
      throw error
    }
  }

  return {
    async compare(a, b) {
      const missing = Object.entries({ a, b }).filter(([, id]) => idIn(id) === '')
      if (missing.length > 0)
        throw new InvalidInputError(missing.map(([field]) => ({ field, message: 'Enter the ID of a run.' })))
      const [from, to] = await Promise.all([find('a', a), find('b', b)])
      if ('error' in from || 'error' in to) {
        const errors = [from, to].flatMap((found) => ('error' in found ? found.error : []))
        throw new AppError('run-not-found', 404, errors[0]!.message, errors)
      }
      if (from.value.id === to.value.id)
        throw new InvalidInputError([{ field: 'b', message: 'This is the same run. Enter the ID of another one.' }])
      const inputs = comparePayloads(from.value.inputs, to.value.inputs)
      // Each may take a while; other requests get their turn in between.
      await new Promise((resolve) => setImmediate(resolve))
      return { a: from.value, b: to.value, inputs, outputs: comparePayloads(from.value.outputs, to.value.outputs) }
    },

    async with(id) {
      const { run, reruns } = await runs.details(idIn(id))
      const repeats = await store.summaries(run.rerunOf === null ? [] : [run.rerunOf])
      const again = await store.summaries(reruns.slice(-maxReruns))
      const named = new Set([...repeats, ...again].map((row) => row.id))
      const before = (await store.earlier(run.id, maxBefore)).filter((row) => !named.has(row.id))
      return { run, repeats, reruns: again, before }
    },
  }
}

function idIn(text: string): string {
  const id = /\/runs\/([^/?#]+)/.exec(text)?.[1]
  if (id === undefined) return text.trim()
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}
