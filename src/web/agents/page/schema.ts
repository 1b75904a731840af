import type { AgentSchema } from '../../../orchestrator/registry/schemas.ts'
import { plural } from '../../../shared/plural.ts'
import { paths } from '../../http/paths.ts'

/** The page is polled, and an agent's schema may be a megabyte. */
const maxInputs = 50
const maxLengths = { name: 120, type: 120, default: 160, description: 400 }
const maxOutputs = 20

export function presentAgentSchema({ schema }: AgentSchema, id: string) {
  const { workflow, inputs, outputs } = schema
  const hidden = inputs.length - maxInputs
  return {
    workflow: cut(workflow ?? '', maxLengths.name),
    inputs: inputs.slice(0, maxInputs).map(({ name, typeLabel, isRequired, defaultJson, description }) => ({
      name: cut(name, maxLengths.name),
      type: cut(typeLabel, maxLengths.type),
      isRequired,
      default: cut(defaultJson ?? '', maxLengths.default),
      description: cut(description, maxLengths.description),
    })),
    isUnnamed: schema.isUnnamed === true,
    hasNone: schema.isUnnamed !== true && inputs.length === 0,
    hidden: hidden > 0 ? plural(hidden, 'more input') : '',
    outputs: outputs.slice(0, maxOutputs).map((name) => cut(name, maxLengths.name)),
    hiddenOutputs: Math.max(0, outputs.length - maxOutputs),
    rawPath: paths.lastAgentSchema(id),
  }
}

function cut(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max)}…` : text
}
