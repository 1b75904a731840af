import { pythonToJson } from '../../../shared/json/python-repr.ts'
import { exactValue, looseValue, withoutNaN } from '../../../shared/json.ts'

/** A longer text that is no JSON is not looked into: to find that it is a repr of Python's takes too long. */
const longestRepr = 256 * 1024

/** What a payload says, as JSON or as a repr of Python's; undefined when it is neither. */
export function payloadValue(payload: string): unknown {
  const value = looseValue(payload)
  if (value !== undefined) return value
  const json = reprAsJson(payload)
  return json === undefined ? undefined : looseValue(json)
}

function reprAsJson(payload: string): string | undefined {
  return payload.length > longestRepr || !/^\s*[{[(]/.test(payload) ? undefined : pythonToJson(payload)
}

/** Digits or a power that a number of JavaScript may not hold. */
const longNumber = /\d{16}|[eE][+-]?\d{3}/

/** The same, with numbers that JavaScript would round as JSON.rawJSON. */
export function exactPayloadValue(payload: string): unknown {
  if (!longNumber.test(payload)) return payloadValue(payload)
  for (const json of [() => payload, () => withoutNaN(payload), () => reprAsJson(payload)]) {
    try {
      return exactValue(json() ?? '')
    } catch {}
  }
  return payloadValue(payload)
}

/** How a number of `exactPayloadValue` is written; undefined for what is none. */
export function writtenNumber(value: unknown): string | undefined {
  return JSON.isRawJSON(value) ? value.rawJSON : undefined
}

/**
 * The values that a path leads to, in the order of the payload. Lists on the way are entered: the path goes on from
 * each item, or, where it names an index, from that one.
 */
export function valuesAt(value: unknown, path: string[]): unknown[] {
  return path.reduce<unknown[]>(
    (values, name) => {
      const reached: unknown[] = []
      walk(values, (one) => {
        if (Array.isArray(one)) {
          if (/^\d+$/.test(name) && Number(name) < one.length) reached.push(one[Number(name)])
          return one
        }
        if (isObject(one) && Object.hasOwn(one, name)) reached.push(one[name])
        return []
      })
      return reached
    },
    [value],
  )
}

/** The texts, numbers, booleans and nulls in values, however deep. */
export function leavesOf(values: unknown[]): unknown[] {
  const leaves: unknown[] = []
  walk(values, (one) => {
    if (Array.isArray(one)) return one
    if (isObject(one) && !JSON.isRawJSON(one)) return Object.values(one)
    leaves.push(one)
    return []
  })
  return leaves
}

/** Visits values and what `inside` says is in them, in order. Without recursion, as payloads can be nested for ever. */
function walk(values: unknown[], inside: (value: unknown) => unknown[]): void {
  const waiting = [{ values, next: 0 }]
  for (let level = waiting.at(-1); level; level = waiting.at(-1)) {
    if (level.next === level.values.length) waiting.pop()
    else waiting.push({ values: inside(level.values[level.next++]), next: 0 })
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
