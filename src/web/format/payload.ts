import { isJson, withoutNaN } from '../../shared/json.ts'

/** JSON as it is, so that digits stay; NaN, which no parser takes, becomes null. */
export function payloadAsJson(text: string | null): string {
  if (text === null) return 'null'
  return isJson(text) ? withoutNaN(text) : JSON.stringify(text)
}
