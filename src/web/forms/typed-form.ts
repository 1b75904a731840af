import { z } from 'zod'
import type { TypedForm } from '../../orchestrator/forms/read.ts'

/** Names of controls begin with one of these; a pointer follows. */
export const prefixes = { value: 'v:', mode: 'm:', row: 'r:', key: 'k:', variant: 't:', kept: 'o:' } as const

const text = z.union([z.string(), z.array(z.string()).transform((values) => values.at(-1) ?? '')]).catch('')
const controls = z
  .object({ view: text, json: text, other: text, token: text, schema: text, draft: text, op: text })
  .partial()

export function readTypedForm(body: unknown): TypedForm & { op: string } {
  const sent = typeof body === 'object' && body !== null ? body : {}
  const { view = '', json = '', other = '', token = '', schema = '', draft = '', op = '' } = controls.parse(sent)
  const all = (prefix: string) =>
    new Map(
      Object.entries(sent)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, value]) => [name.slice(prefix.length), [value].flat().map(String)] as const),
    )
  const last = (prefix: string) => new Map([...all(prefix)].map(([pointer, values]) => [pointer, values.at(-1) ?? '']))
  const fields = {
    values: all(prefixes.value),
    modes: last(prefixes.mode),
    rows: all(prefixes.row),
    keys: last(prefixes.key),
    variants: last(prefixes.variant),
    kept: all(prefixes.kept),
  }
  return { ...fields, view, json, other, token, schemaMark: schema, isDraft: draft !== '', op }
}
