import { z } from 'zod'
import type { TypedForm } from '../../orchestrator/forms/read.ts'

export const valuePrefix = 'v:'
export const modePrefix = 'm:'

const text = z.union([z.string(), z.array(z.string()).transform((values) => values.at(-1) ?? '')]).catch('')
const controls = z
  .object({ view: text, json: text, other: text, token: text, schema: text, draft: text, op: text })
  .partial()

export function readTypedForm(body: unknown): TypedForm & { op: string } {
  const sent = typeof body === 'object' && body !== null ? body : {}
  const { view = '', json = '', other = '', token = '', schema = '', draft = '', op = '' } = controls.parse(sent)
  const values = new Map<string, string[]>()
  const modes = new Map<string, string>()
  for (const [name, value] of Object.entries(sent)) {
    const all = [value].flat().map(String)
    if (name.startsWith(valuePrefix)) values.set(name.slice(valuePrefix.length), all)
    if (name.startsWith(modePrefix)) modes.set(name.slice(modePrefix.length), all.at(-1) ?? '')
  }
  return { values, modes, view, json, other, token, schemaMark: schema, isDraft: draft !== '', op }
}
