import { jsonEntries, looseValue } from '../../shared/json.ts'
import { scanJson } from '../../shared/json-scan.ts'

/** A longer text is not made into a value as a whole: that can take ten times as much memory. */
const longestWhole = 256 * 1024
const mostEntries = 1000
const longestString = 64 * 1024
const mostLevels = 4

/**
 * What a JSON text says, as far as anybody looks: the whole value, or of a large one the beginnings of what it holds.
 * Undefined when it is not JSON.
 */
export function jsonBeginning(text: string): unknown {
  if (text.length <= longestWhole) return looseValue(text)
  return scanJson(text, { isPython: true }).problem?.kind === 'mistake' ? undefined : beginningOf(text.trim())
}

/**
 * The same of a text that has been scanned, and has no space around it. Each of the levels goes through what is below it
 * once more.
 */
export function beginningOf(json: string, levels = mostLevels): unknown {
  if (json.length <= longestWhole) return looseValue(json)
  if (json.startsWith('"')) return (looseValue(json) as string | undefined)?.slice(0, longestString)
  const isList = json.startsWith('[')
  if (!isList && !json.startsWith('{')) return looseValue(json)
  const entries = levels > 0 ? [...jsonEntries(json).take(mostEntries)] : []
  return isList
    ? entries.map(([, item]) => beginningOf(item, levels - 1))
    : Object.fromEntries(entries.map(([name, member]) => [name, beginningOf(member, levels - 1)]))
}
