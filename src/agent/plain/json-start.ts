import { scanJson } from '../../shared/json/scan.ts'
import { jsonEntries, looseValue } from '../../shared/json.ts'

/** A longer text is not parsed as a whole: that can take ten times its memory. */
const maxWholeLength = 256 * 1024
const maxEntries = 1000
const maxStringLength = 64 * 1024
const maxLevels = 3

/** The value of a JSON text; of a large one only the start of each member. Undefined when it is not JSON. */
export function jsonStart(text: string): unknown {
  if (text.length <= maxWholeLength) return looseValue(text)
  return scanJson(text, { isPython: true }).problem?.kind === 'syntax' ? undefined : startOf(text.trim())
}

/** The same of a scanned and trimmed text. */
export function startOf(json: string, levels = maxLevels): unknown {
  if (json.length <= maxWholeLength) return looseValue(json)
  if (json.startsWith('"')) return (looseValue(json) as string | undefined)?.slice(0, maxStringLength)
  const isList = json.startsWith('[')
  if (!isList && !json.startsWith('{')) return looseValue(json)
  const entries = levels > 0 ? [...jsonEntries(json).take(maxEntries)] : []
  return isList
    ? entries.map(([, item]) => startOf(item, levels - 1))
    : Object.fromEntries(entries.map(([name, member]) => [name, startOf(member, levels - 1)]))
}
