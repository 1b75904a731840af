import { prettyJson } from '../../shared/json/pretty.ts'
import { isJson } from '../../shared/json.ts'

export type Preset = { runId: string; inputs: string; startedAt: number }

const mostPresets = 5
const longestPreset = 64 * 1024

/** Distinct inputs, newest first. */
export function presetsOf(runs: { id: string; inputs: string | null; startedAt: number }[]): Preset[] {
  const distinct = new Map<string, Preset>()
  for (const { id, inputs, startedAt } of runs) {
    const text = inputs?.trim() ?? ''
    if (!text.startsWith('{') || text.length > longestPreset || !isJson(text)) continue
    const key = prettyJson(text, { open: true })
    if (!distinct.has(key)) distinct.set(key, { runId: id, inputs: text, startedAt })
  }
  return [...distinct.values()].slice(0, mostPresets)
}
