import { exactPayloadValue } from '../../shared/json/payload.ts'
import { valuesAt } from './search/payload-values.ts'

/** What a pinned column shows of a run: the text of a string, or else JSON. */
export type PinnedValue = { text: string; isString: boolean }

/** The value at a path of a payload; of several in lists on the way, a list of them. Undefined where there is none. */
export function pinnedValue(payload: string | null, path: string[]): PinnedValue | undefined {
  if (payload === null) return undefined
  const values = valuesAt(exactPayloadValue(payload), path)
  if (values.length === 0) return undefined
  const value = values.length === 1 ? values[0] : values
  return typeof value === 'string' ? { text: value, isString: true } : { text: JSON.stringify(value), isString: false }
}
