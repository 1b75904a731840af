import { exactPayloadValue } from '../../shared/json/payload.ts'
import { valuesAt } from './search/payload-values.ts'

export type PinnedValue = { text: string; isString: boolean }

/** Several values, in lists on the path, become a list. Undefined where there is none. */
export function pinnedValue(payload: string | null, path: string[]): PinnedValue | undefined {
  if (payload === null) return undefined
  const values = valuesAt(exactPayloadValue(payload), path)
  if (values.length === 0) return undefined
  const value = values.length === 1 ? values[0] : values
  return typeof value === 'string' ? { text: value, isString: true } : { text: JSON.stringify(value), isString: false }
}
