export type Ending = 'completed' | 'failed' | 'cancelled'

const endings: Record<Ending, string[]> = {
  completed: ['completed', 'complete', 'success', 'successful', 'succeeded', 'done', 'finished', 'ok'],
  failed: [
    ...['failed', 'failure', 'error', 'errored', 'crashed', 'timeout', 'timed_out', 'timedout', 'killed'],
    ...['terminated', 'aborted', 'expired', 'revoked', 'rejected', 'fail', 'unsuccessful', 'exception', 'faulted'],
    ...['dead', 'denied', 'refused', 'invalid', 'stopped', 'time_out', 'oom_killed', 'upstream_failed'],
  ],
  cancelled: ['cancelled', 'canceled'],
}
const endingByWord = new Map(
  Object.entries(endings).flatMap(([ending, words]) => words.map((word) => [word, ending as Ending] as const)),
)

const workingWords = new Set([
  ...['async', 'pending', 'queued', 'scheduled', 'submitted', 'waiting', 'started', 'starting', 'running'],
  ...['working', 'processing', 'in_progress', 'retry', 'retrying', 'accepted', 'received', 'enqueued', 'deferred'],
])

/** Agents say them of what they looked at, too. */
const verdictWords = new Set(['accepted', 'received', 'deferred', 'denied', 'refused', 'invalid', 'stopped', 'dead'])

const unknownWords = new Set(['not_found', 'notfound', 'missing', 'unknown_job', 'no_such_job', 'gone'])

export function endingOf(word: string): Ending | undefined {
  return isHttpError(word) ? 'failed' : (endingByWord.get(plain(word)) ?? endingBefore(word))
}

/** `error: no key`, `CANCELLED_BY_USER`, `completed with warnings`; but not `failed, retrying`, `failed: 0` or `done: 3 of 10`. */
function endingBefore(word: string): Ending | undefined {
  const [, first = '', addition = ''] =
    /^([a-z]+(?:_[a-z]+)??)(_?\W+|_(?:by|with|due|because|after)_|$)/.exec(plain(word)) ?? []
  const ending = /retr|attempt|^\s*\w+\W+(?:0|none|null)(?!\w)/i.test(word) ? undefined : endingByWord.get(first)
  return ending !== 'completed' || /^(?:[!.]+$|_with_)/.test(addition) ? ending : undefined
}

export function isWorking(word: string): boolean {
  return workingWords.has(plain(word))
}

export function isVerdict(word: string): boolean {
  return verdictWords.has(plain(word))
}

export function isUnknown(word: string): boolean {
  return unknownWords.has(plain(word))
}

function isHttpError(word: string): boolean {
  return /^[45]\d\d(?!\d)/.test(word.trim())
}

/** `Timed out`, `timed-out` and `TIMED_OUT` are one word. */
function plain(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
}

export const inSnakeCase = (name: string): string => name.replace(/([a-z\d])(?=[A-Z])/g, '$1_').toLowerCase()
