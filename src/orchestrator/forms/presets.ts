import { recordedObject } from '../../shared/json/payload.ts'
import { prettyJson } from '../../shared/json/pretty.ts'

export type Preset = { runId: string; inputs: string; startedAt: number }

const mostPresets = 5
const longestPreset = 64 * 1024

export function presetsOf(runs: { id: string; inputs: string | null; startedAt: number }[]): Preset[] {
  const distinct = new Map<string, Preset>()
  for (const { id, inputs, startedAt } of runs) {
    if ((inputs?.trim().length ?? 0) > longestPreset) continue
    const text = recordedObject(inputs)
    if (text === undefined) continue
    const key = prettyJson(text, { open: true })
    if (!distinct.has(key)) distinct.set(key, { runId: id, inputs: text, startedAt })
  }
  return [...distinct.values()].slice(0, mostPresets)
}
