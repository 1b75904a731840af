import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { Agent } from '../registry/agent.ts'
import type { RunRequest } from '../runs/engine.ts'
import { withholdSecrets } from './secrets.ts'

export function acceptable(
  { agent, schema, text }: { agent: Agent; schema?: InputSchema | undefined; text?: string | undefined },
  inputs: string,
): RunRequest {
  return {
    agent,
    inputs,
    withheld: schema && withholdSecrets(schema, inputs),
    workflow: schema?.workflow,
    schemaText: text,
  }
}
