import type { IdPattern } from '../../../store/ports/run-selection.ts'

/** The shortest start of an id: the first group of a UUID. */
const uuidStart =
  /^[\da-f]{8}(?:-(?:[\da-f]{0,4}|[\da-f]{4}-(?:[\da-f]{0,4}|[\da-f]{4}-(?:[\da-f]{0,4}|[\da-f]{4}-[\da-f]{0,12}))))?$/i
/** As lists show ids: `019ac3f2…b1c2`. */
const shortened = /^(\S{4,})…(\S{2,})$/
const whole = /^[\w.-]{8,}$/

export function couldBeId(text: string): boolean {
  return isIdStart(text) || whole.test(text)
}

/** Whether a part of an id is enough. Others have to be whole. */
export function isIdStart(text: string): boolean {
  return uuidStart.test(text) || shortened.test(text)
}

export function idPattern(text: string): IdPattern {
  const [, start = text, end = ''] = shortened.exec(text) ?? []
  return /^[\da-f-]+$/i.test(start + end) ? { start: start.toLowerCase(), end: end.toLowerCase() } : { start, end }
}
