import { type InputSchema, readInputSchema } from '../../agent/schema/input-schema.ts'

export type SchemaChanges = {
  added: string[]
  gone: string[]
  retyped: { name: string; before: string; now: string }[]
}

export function schemaChanges(before: string, now: InputSchema): SchemaChanges | undefined {
  const earlier = readInputSchema(before)
  if (typeof earlier === 'string') return undefined
  const types = new Map(earlier.inputs.map(({ name, typeLabel }) => [name, typeLabel]))
  const names = new Set(now.inputs.map(({ name }) => name))
  const changes = {
    added: now.inputs.map(({ name }) => name).filter((name) => !types.has(name)),
    gone: [...types.keys()].filter((name) => !names.has(name)),
    retyped: now.inputs
      .map(({ name, typeLabel }) => ({ name, before: types.get(name) ?? typeLabel, now: typeLabel }))
      .filter((input) => input.before !== input.now),
  }
  return changes.added.length + changes.gone.length + changes.retyped.length === 0 ? undefined : changes
}
