import { isJson, withoutNaN } from '../../shared/json.ts'

/** The text itself where it is JSON, so that no number changes its digits; only NaN, which no parser takes, is null. */
export function payloadAsJson(text: string | null): string {
  if (text === null) return 'null'
  return isJson(text) ? withoutNaN(text) : JSON.stringify(text)
}
