import type { RunOrder, RunPosition } from '../ports/run-pages.ts'

/** In an order by a value, `value` is that of the run at `seq`, null where it has none. */
export type RunCursor = { seq: number; value?: number | null | undefined }

const bySeq = /^\d{1,16}$/
const byValue = /^(-?\d+(?:\.\d+)?(?:e[+-]\d+)?)?~(\d{1,16})$/

/** `7123` in an order by start, `0.25~7123` in others, `~7123` where the value is not known; undefined for all else. */
export function readPosition(text: string, by: RunOrder['by']): RunCursor | undefined {
  const isByStart = by === 'started'
  const [, value, afterValue] = byValue.exec(text) ?? []
  const seq = isByStart ? (bySeq.exec(text)?.[0] ?? '') : (afterValue ?? '')
  if (seq === '' || !Number.isSafeInteger(Number(seq))) return undefined
  return isByStart ? { seq: Number(seq) } : { seq: Number(seq), value: value === undefined ? null : Number(value) }
}

export function writePosition({ seq, value }: RunCursor): RunPosition {
  return value === undefined ? String(seq) : `${value ?? ''}~${seq}`
}
