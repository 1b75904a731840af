import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { RunStore } from '../../store/ports/runs.ts'
import type { Agent } from '../registry/agent.ts'
import type { AgentSchema } from '../registry/schemas.ts'
import type { UsualRuns } from '../runs/usual.ts'
import { type Form, isJsonOnly } from './form.ts'
import { type Preset, presetsOf } from './presets.ts'
import type { SchemaChanges } from './schema-changes.ts'
import { markOf } from './schema-mark.ts'
import type { FormErrors } from './write-inside.ts'

export type ExecuteForm = {
  agent: Agent
  schema: InputSchema
  form: Form
  errors: FormErrors
  focus: string
  token: string
  schemaMark: string
  presets: Preset[]
  /** What a run usually takes; undefined where too few are known. */
  usual?: Awaited<ReturnType<UsualRuns>>
  isDraft: boolean
  isJsonOnly: boolean
  changes?: SchemaChanges | undefined
  /** A run whose agent refused these inputs, and its messages beyond single fields. */
  refused?: { runId: string; messages: string[] } | undefined
  problem?: string | undefined
}

export type SchemaOfAgent = AgentSchema & { agent: Agent }

export type PrepareForm = (known: SchemaOfAgent, form: Form) => Promise<ExecuteForm>

const runsForPresets = 30

export function createPrepareForm(deps: {
  latestInputs: RunStore['latestInputs']
  usual: UsualRuns
  newToken: () => string
}): PrepareForm {
  return async ({ agent, schema }, form) => ({
    agent,
    schema,
    form,
    errors: new Map(),
    focus: '',
    token: deps.newToken(),
    schemaMark: markOf(schema),
    presets: presetsOf(await deps.latestInputs(agent.id, runsForPresets)),
    usual: await deps.usual({ agentId: agent.id, workflow: schema.workflow ?? agent.id }),
    isDraft: false,
    isJsonOnly: isJsonOnly(schema),
  })
}
