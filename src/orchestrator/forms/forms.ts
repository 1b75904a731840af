import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { Actor } from '../../shared/actor.ts'
import { InvalidInputError, NotFoundError } from '../../shared/errors.ts'
import { isJson, jsonError } from '../../shared/json.ts'
import type { RunStore } from '../../store/ports/runs.ts'
import type { Agent } from '../registry/agent.ts'
import type { AgentSchema } from '../registry/schemas.ts'
import type { createExecutions, RunRequest } from '../runs/engine.ts'
import type { Run, Runs } from '../runs/runs.ts'
import { placeErrors, pointerOf } from './agent-errors.ts'
import { changeForm } from './buttons.ts'
import { type Form, formOf, freshForm, isJsonOnly } from './form.ts'
import { type Preset, presetsOf } from './presets.ts'
import { goneInputs, readForm, type TypedForm } from './read.ts'
import { type SchemaChanges, schemaChanges } from './schema-changes.ts'
import { markOf } from './schema-mark.ts'
import { withholdSecrets } from './secrets.ts'
import { type FormErrors, writeForm } from './write.ts'

/** The form of an agent, as it is to be shown. */
export type ExecuteForm = {
  agent: Agent
  schema: InputSchema
  form: Form
  errors: FormErrors
  /** The pointer of the field to go on with; empty for the first. */
  focus: string
  /** Under one token there is one run. */
  token: string
  /** Tells whether the schema is still the one that the form was made from. */
  schemaMark: string
  presets: Preset[]
  /** Whether it was made of a draft. */
  isDraft: boolean
  /** Whether the inputs can only be given as JSON: there are too many for a form, or the schema names none. */
  isJsonOnly: boolean
  /** What has changed since the inputs in the form were written. */
  changes?: SchemaChanges | undefined
  /** A run whose agent refused these inputs, and what it said beyond single fields. */
  refused?: { runId: string; messages: string[] } | undefined
  /** A sentence on what could not be filled in. */
  problem?: string | undefined
}

export type Submitted = { runId: string } | { refused: ExecuteForm }

/** How long a form stays open to tell, at its fields, what the agent itself refuses. */
const refusalWaitMs = 1000
const runsForPresets = 30
const passwordNote = 'Enter this again: passwords are not kept.'

/** Shows, changes and carries out the form of an agent. What a form means is known here alone. */
export function createExecuteForms(deps: {
  currentSchema: (id: string) => Promise<AgentSchema & { agent: Agent }>
  knownSchema: (id: string) => Promise<AgentSchema & { agent: Agent }>
  runs: Pick<Runs, 'get' | 'schema'>
  latestInputs: RunStore['latestInputs']
  executions: Pick<ReturnType<typeof createExecutions>, 'accept' | 'ended'>
  newToken: () => string
}) {
  const { currentSchema, knownSchema, runs, latestInputs, executions, newToken } = deps

  async function fresh({ agent, schema }: AgentSchema & { agent: Agent }, form: Form): Promise<ExecuteForm> {
    return {
      agent,
      schema,
      form,
      errors: new Map(),
      focus: '',
      token: newToken(),
      schemaMark: markOf(schema),
      presets: presetsOf(await latestInputs(agent.id, runsForPresets)),
      isDraft: false,
      isJsonOnly: isJsonOnly(schema),
    }
  }

  /** The form with the inputs of an earlier run, and what its agent said of them. */
  async function fromRun(known: AgentSchema & { agent: Agent }, id: string): Promise<ExecuteForm> {
    const blank = await fresh(known, freshForm(known.schema))
    const run = await findOrNone(id)
    if (!run) return { ...blank, problem: 'The run that this form was to be filled from is not known any more.' }
    const inputs = run.inputs?.trim() ?? ''
    if (!inputs.startsWith('{') || !isJson(inputs)) {
      return { ...blank, problem: 'The inputs of that run are not recorded in a way that could be filled in.' }
    }
    const schemaText = await runs.schema(run)
    const form = formOf(known.schema, inputs)
    const { errors, others } = placeErrors(form.fields, run.errorFields)
    for (const name of run.withheld) {
      const pointer = pointerOf(form.fields, name)
      if (pointer !== undefined) errors.set(pointer, passwordNote)
    }
    return {
      ...blank,
      form: { ...form, fields: form.fields.map((field) => asked(field, errors)) },
      errors,
      changes: schemaText === undefined ? undefined : schemaChanges(schemaText, known.schema),
      refused: run.errorFields.length > 0 ? { runId: id, messages: others } : undefined,
    }
  }

  async function findOrNone(id: string): Promise<Run | undefined> {
    try {
      return await runs.get(id)
    } catch (error) {
      if (error instanceof NotFoundError) return undefined
      throw error
    }
  }

  async function fromText(known: AgentSchema & { agent: Agent }, text: string): Promise<ExecuteForm> {
    const error = jsonError(text) ?? (text.trim().startsWith('{') ? undefined : 'Enter a JSON object.')
    if (error === undefined) return fresh(known, formOf(known.schema, text.trim()))
    const form = await fresh(known, { ...formOf(known.schema, '{}'), view: 'json', json: text })
    return { ...form, errors: new Map([['json', error]]), focus: 'json' }
  }

  async function reread(id: string, typed: TypedForm) {
    const known = await knownSchema(id)
    const { token, isDraft } = typed
    return {
      known,
      shown: { ...(await fresh(known, readForm(known.schema, typed))), ...(token && { token }), isDraft },
    }
  }

  return {
    /** The errors of a form, for a script that sent one. */
    failure({ errors, problem }: ExecuteForm): InvalidInputError {
      const fields = [...errors].map(([pointer, message]) => ({ field: dotted(pointer), message }))
      return new InvalidInputError(fields, problem)
    },

    /** The form as the agent describes it now; filled from a run, or from a JSON object. */
    async open(
      id: string,
      { from, inputs }: { from?: string | undefined; inputs?: string | undefined } = {},
    ): Promise<ExecuteForm> {
      const known = await currentSchema(id)
      if (from) return fromRun(known, from)
      return inputs ? fromText(known, inputs) : fresh(known, freshForm(known.schema))
    },

    /** The form after the button `op` of it was pressed; `restore` makes it of a draft. */
    async change(id: string, typed: TypedForm, op: string): Promise<ExecuteForm> {
      const { known, shown } = await reread(id, typed)
      if (op === 'restore') return { ...shown, problem: changedSince(known.schema, typed, 'this draft was kept') }
      return { ...shown, ...changeForm(known.schema, shown.form, op) }
    },

    /**
     * Carries a form out. It comes back with the errors in it, or with what the agent itself said of its inputs when
     * that takes no longer than a second. `key` replaces the form's own token.
     */
    async submit(id: string, typed: TypedForm, key: RunRequest['key'], by: Actor): Promise<Submitted> {
      const { known, shown } = await reread(id, typed)
      const problem = changedSince(known.schema, typed, 'this form was opened')
      if (problem !== undefined) return { refused: { ...shown, problem } }
      const { inputs, errors } = writeForm(known.schema, shown.form)
      if (errors.size > 0) return { refused: { ...shown, errors } }
      const { runId } = await executions.accept(
        {
          ...acceptable(known, inputs),
          key: key ?? (typed.token ? { scope: 'form', value: typed.token } : undefined),
        },
        by,
      )
      await executions.ended(runId, refusalWaitMs)
      const { status, errorFields } = await runs.get(runId)
      if (status !== 'failed' || errorFields.length === 0) return { runId }
      const { errors: said, others } = placeErrors(shown.form.fields, errorFields)
      return { refused: { ...shown, errors: said, token: newToken(), refused: { runId, messages: others } } }
    },
  }
}

/** Whether the agent's inputs are others than those that were typed for, as a sentence. */
function changedSince(schema: InputSchema, typed: TypedForm, then: string): string | undefined {
  if (typed.schemaMark === '' || typed.schemaMark === markOf(schema)) return undefined
  const gone = goneInputs(schema, typed)
  const lost = gone.length > 0 ? ` It no longer takes ${gone.join(', ')}.` : ''
  return `The agent's inputs have changed since ${then}.${lost} Check them, then execute again.`
}

/** What every run of an agent is accepted with: its passwords are not kept, its schema is. */
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

function dotted(pointer: string): string {
  return pointer.replace(/^\//, '').split('/').map(decodeURIComponent).join('.')
}

/** A password that was not kept is asked for, also where it may be left out. */
function asked(field: Form['fields'][number], errors: FormErrors): Form['fields'][number] {
  const fields = field.fields.map((one) => asked(one, errors))
  const isAsked = errors.get(field.pointer) === passwordNote && field.mode === 'unset'
  return { ...field, fields, mode: isAsked ? 'set' : field.mode }
}
