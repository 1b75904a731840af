import { LRUCache } from 'lru-cache'
import { readInputSchema } from '../../agent/schema/input-schema.ts'
import { jsonOpening } from '../../shared/json/opening.ts'
import type { Run, Runs } from './runs.ts'

/** `defaultJson` is what the agent took instead, where its schema says so. */
export type UnsentInput = { name: string; defaultJson: string | undefined }

export type UnsentInputs = (run: Pick<Run, 'schemaId' | 'inputs' | 'withheld'>) => Promise<UnsentInput[]>

const maxSchemas = 50
const maxRead = 256 * 1024
const maxInputs = 500

export function createUnsentInputs(runs: Pick<Runs, 'schema'>): UnsentInputs {
  const schemas = new LRUCache<string, UnsentInput[]>({ max: maxSchemas })

  async function inputsOf(schemaId: string): Promise<UnsentInput[]> {
    const known = schemas.get(schemaId)
    if (known) return known
    const text = await runs.schema({ schemaId })
    const schema = text === undefined ? undefined : readInputSchema(text)
    if (schema === undefined || typeof schema === 'string') return []
    const inputs = schema.inputs.map(({ name, defaultJson }) => ({ name, defaultJson }))
    schemas.set(schemaId, inputs)
    return inputs
  }

  return async ({ schemaId, inputs, withheld }) => {
    if (schemaId === null || inputs === null || !inputs.startsWith('{')) return []
    const { members, isWhole } = jsonOpening(inputs, maxRead, maxInputs)
    if (!isWhole) return []
    const sent = new Set([...members.map(({ name }) => name), ...withheld.map((name) => name.split('.')[0])])
    return (await inputsOf(schemaId)).filter(({ name }) => !sent.has(name))
  }
}
