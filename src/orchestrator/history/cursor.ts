/**
 * A place in the order of the list: the run at `seq`, and in a list by duration, tokens or cost the value it has there, null
 * where it is not known. In a list by start there is no `value`.
 */
export type RunPlace = { seq: number; value?: number | null | undefined }

const bySeq = /^\d{1,16}$/
const byValue = /^(-?\d+(?:\.\d+)?(?:e[+-]\d+)?)?~(\d{1,16})$/

/** `7123` in a list by start, `0.25~7123` in others, `~7123` where the value is not known; undefined when it is neither. */
export function readPlace(text: string, isByStart: boolean): RunPlace | undefined {
  const [, value, afterValue] = byValue.exec(text) ?? []
  const seq = isByStart ? (bySeq.exec(text)?.[0] ?? '') : (afterValue ?? '')
  if (seq === '' || !Number.isSafeInteger(Number(seq))) return undefined
  return isByStart ? { seq: Number(seq) } : { seq: Number(seq), value: value === undefined ? null : Number(value) }
}

export function writePlace({ seq, value }: RunPlace): string {
  return value === undefined ? String(seq) : `${value ?? ''}~${seq}`
}
