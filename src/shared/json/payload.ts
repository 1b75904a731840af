import { pythonToJson } from './python-repr.ts'
import { exactValue, isJson, looseValue, withoutNaN } from './values.ts'

/** To parse a longer one takes too long. */
const maxReprLength = 256 * 1024

/** The value of inputs, outputs or a state: of JSON, also with NaN, or of a Python repr; undefined for anything else. */
export function payloadValue(payload: string): unknown {
  const value = looseValue(payload)
  if (value !== undefined) return value
  const json = reprAsJson(payload)
  return json === undefined ? undefined : looseValue(json)
}

function reprAsJson(payload: string): string | undefined {
  return payload.length > maxReprLength || !/^\s*[{[(]/.test(payload) ? undefined : pythonToJson(payload)
}

/** JavaScript may round it. */
const longNumber = /\d{16}|[eE][+-]?\d{3}/

/** The same, where numbers that JavaScript would round are JSON.rawJSON. */
export function exactPayloadValue(payload: string): unknown {
  if (!longNumber.test(payload)) return payloadValue(payload)
  for (const json of [() => payload, () => withoutNaN(payload), () => reprAsJson(payload)]) {
    try {
      return exactValue(json() ?? '')
    } catch {}
  }
  return payloadValue(payload)
}

export function writtenNumber(value: unknown): string | undefined {
  return JSON.isRawJSON(value) ? value.rawJSON : undefined
}

/** Recorded inputs that a form or an agent can take: the text of a JSON object, perhaps with NaN. */
export function recordedObject(inputs: string | null): string | undefined {
  const text = inputs?.trim() ?? ''
  return text.startsWith('{') && isJson(text) ? text : undefined
}
