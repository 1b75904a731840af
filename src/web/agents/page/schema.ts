import type { AgentSchema } from '../../../orchestrator/registry/schemas.ts'
import { formatNumber } from '../../format/numbers.ts'
import { paths } from '../../http/paths.ts'

/** The page is polled, and an agent's schema may be a megabyte. */
const mostInputs = 50
const longest = { name: 120, type: 120, default: 160, description: 400 }
const mostOutputs = 20

/** What an agent takes, as a table; `id` is that of the agent. */
export function presentAgentSchema({ schema }: AgentSchema, id: string) {
  const { workflow, inputs, outputs } = schema
  const hidden = inputs.length - mostInputs
  return {
    workflow: cut(workflow ?? '', longest.name),
    inputs: inputs.slice(0, mostInputs).map(({ name, typeLabel, isRequired, defaultJson, description }) => ({
      name: cut(name, longest.name),
      type: cut(typeLabel, longest.type),
      isRequired,
      default: cut(defaultJson ?? '', longest.default),
      description: cut(description, longest.description),
    })),
    isUnnamed: schema.isUnnamed === true,
    hidden: hidden > 0 ? formatNumber(hidden) : '',
    outputs: outputs.slice(0, mostOutputs).map((name) => cut(name, longest.name)),
    hiddenOutputs: Math.max(0, outputs.length - mostOutputs),
    rawPath: paths.lastAgentSchema(id),
  }
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text
}
