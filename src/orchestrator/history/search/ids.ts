import type { IdPattern } from '../../../store/ports/run-selection.ts'

/** At least so much of an id is looked up as one: the first group of a UUID. */
const uuidStart =
  /^[\da-f]{8}(?:-(?:[\da-f]{0,4}|[\da-f]{4}-(?:[\da-f]{0,4}|[\da-f]{4}-(?:[\da-f]{0,4}|[\da-f]{4}-[\da-f]{0,12}))))?$/i
/** As lists show ids: `019ac3f2…b1c2`. */
const shortened = /^(\S{4,})…(\S{2,})$/
const whole = /^[\w.-]{8,}$/

/** Whether a word that somebody searches for could be an id, or the beginning of one. */
export function couldBeId(text: string): boolean {
  return isIdStart(text) || whole.test(text)
}

/** Whether a part of an id is enough to know it by. Others have to be whole. */
export function isIdStart(text: string): boolean {
  return uuidStart.test(text) || shortened.test(text)
}

export function idPattern(text: string): IdPattern {
  const [, start = text, end = ''] = shortened.exec(text) ?? []
  return /^[\da-f-]+$/i.test(start + end) ? { start: start.toLowerCase(), end: end.toLowerCase() } : { start, end }
}
