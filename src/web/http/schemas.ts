import { z } from 'zod'

const agentId = z.string().meta({ description: 'Agent ID, percent-encoded', examples: ['writer'] })
export const runId = z.string().meta({ description: 'Run ID', examples: ['0199b0c8-7a51-7c3e-9d0a-5f0e6f1f2a3b'] })
/** As both ways to register take it. */
export const newAgentId = z
  .string()
  .max(255)
  .regex(/^[^/\p{Cc}]*[^/\p{Cc}\s][^/\p{Cc}]*$/u)
  .meta({ description: 'Agent ID', examples: ['writer'] })
export const byAgent = z.object({ id: agentId })
export const byRun = z.object({ id: runId })

export const ofTree = z.object({ at: z.string().default(''), from: z.coerce.number().int().min(0).default(0).catch(0) })

/** A field of a query or form, which may be there more than once. */
export const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())])

/** In a query. An empty text is no 0. */
export function wholeNumber(min: number, max: number, message?: string) {
  const number = z.coerce.number(message).int(message).min(min, message).max(max, message)
  const given = (value: unknown) => (typeof value === 'string' && value.trim() === '' ? Number.NaN : value)
  return z.preprocess(given, number).meta({ type: 'integer', minimum: min, maximum: max })
}

export const time = z.iso.datetime().meta({ description: 'UTC', examples: ['2026-11-22T16:14:30.057Z'] })
export const count = z.number().int().min(0)
const shown = new WeakMap<z.ZodType, z.ZodType | undefined>()

/** For the document, where less is said than is read, or more. */
export function shownAs<Schema extends z.ZodType>(schema: Schema, documented?: z.ZodType): Schema {
  shown.set(schema, documented)
  return schema
}

export const documentedSchema = (schema: z.ZodType) => (shown.has(schema) ? shown.get(schema) : schema)

/** The fields of `schema` with any value, where the orchestrator checks each; `more` are sent by forms alone. Others
 * are refused. Where some are needed, what is no object lacks them all. */
export function unchecked<Shape extends z.ZodRawShape, Name extends string = never>(
  schema: z.ZodObject<Shape>,
  more: readonly Name[] = [],
) {
  const names = [...Object.keys(schema.shape), ...more]
  const fields = z.strictObject(Object.fromEntries(names.map((name) => [name, z.unknown().optional()])))
  const read = schema.safeParse({}).success ? fields : z.preprocess(asObject, fields)
  return shownAs(read as z.ZodType<{ [Field in keyof Shape | Name]?: unknown }>, schema)
}

const asObject = (given: unknown) => (typeof given === 'object' && given !== null && !Array.isArray(given) ? given : {})

/** Of a query whose page is shown whatever its address says: a field that is wrong counts as not given. */
export function lenient<Shape extends z.ZodRawShape>({ shape }: z.ZodObject<Shape>) {
  const fields = Object.entries(shape as unknown as Record<string, z.ZodType>).map(([name, field]) => [
    name,
    field.catch(field.parse(undefined)),
  ])
  return Object.fromEntries(fields) as { [Name in keyof Shape]: z.ZodCatch<Shape[Name] & z.ZodType> }
}

const strict = new WeakMap<z.ZodType, z.ZodType>()

/** A query that pages read leniently. To programs what is wrong is named: see plugins/strict-queries.ts. */
export function strictForPrograms<Schema extends z.ZodType>(read: Schema, checked: z.ZodType): Schema {
  strict.set(read, checked)
  return shownAs(read, checked)
}

export const strictSchema = (read: z.ZodType) => strict.get(read)

/** A query that only pages read. */
export const ofPages = <Schema extends z.ZodType>(schema: Schema) => shownAs(schema, undefined)

export const ofForms = <Shape extends z.ZodRawShape>(fields: Shape) =>
  shownAs(z.preprocess(asObject, z.strictObject(fields)), undefined)

export const payload = z.unknown().meta({ description: 'Any JSON' })

export const inAddress = z.looseObject({}).superRefine((query, { addIssue }) => {
  for (const field of Object.keys(query))
    addIssue({ code: 'custom', path: [field], message: `Send “${field}” in the body, not in the address.` })
})
