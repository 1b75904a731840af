import type { BulkOutcome, BulkWrite } from '../../store/ports/bulk.ts'
import type { Accepted, Decided, RunStore } from '../../store/ports/runs.ts'

export type CollectedWrites = {
  via: Pick<RunStore, 'accept' | 'change'>
  writes: BulkWrite[]
  resolve(outcomes: BulkOutcome[]): void
  reject(error: unknown): void
}

type Waiting = { resolve: (value: unknown) => void; reject: (error: unknown) => void }

export function collectWrites(): CollectedWrites {
  const writes: BulkWrite[] = []
  const waiting: Waiting[] = []

  function add(write: BulkWrite): Promise<unknown> {
    writes.push(write)
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
  }

  return {
    via: {
      accept: (acceptance) => add({ accept: acceptance }) as Promise<Accepted>,
      change: (id, decide) => add({ change: id, decide }) as Promise<Decided | undefined>,
    },
    writes,
    resolve(outcomes) {
      for (const [index, outcome] of outcomes.entries()) {
        if ('error' in outcome) waiting[index]!.reject(outcome.error)
        else waiting[index]!.resolve(outcome.value)
      }
    },
    reject(error) {
      for (const one of waiting) one.reject(error)
    },
  }
}
