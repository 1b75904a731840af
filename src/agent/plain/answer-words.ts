export type Ending = 'completed' | 'failed' | 'cancelled'

const endings: Record<Ending, string[]> = {
  completed: ['completed', 'complete', 'success', 'successful', 'succeeded', 'done', 'finished', 'ok'],
  failed: [
    ...['failed', 'failure', 'error', 'errored', 'crashed', 'timeout', 'timed_out', 'timedout', 'killed'],
    ...['terminated', 'aborted', 'expired', 'revoked', 'rejected'],
  ],
  cancelled: ['cancelled', 'canceled'],
}
const endingByWord = new Map(
  Object.entries(endings).flatMap(([ending, words]) => words.map((word) => [word, ending as Ending] as const)),
)

const workingWords = new Set([
  ...['async', 'pending', 'queued', 'scheduled', 'submitted', 'waiting', 'started', 'starting', 'running'],
  ...['working', 'processing', 'in_progress', 'retry', 'retrying'],
])

export function endingOf(word: string): Ending | undefined {
  return isHttpError(word) ? 'failed' : endingByWord.get(plain(word))
}

export function isWorking(word: string): boolean {
  return workingWords.has(plain(word))
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
