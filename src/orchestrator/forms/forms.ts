import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { Actor } from '../../shared/actor.ts'
import { InvalidInputError } from '../../shared/errors.ts'
import { dottedName } from '../../shared/fields/pointers.ts'
import type { RunStore } from '../../store/ports/runs.ts'
import type { Executions, RunRequest } from '../runs/engine.ts'
import type { Runs } from '../runs/runs.ts'
import type { UsualRuns } from '../runs/usual.ts'
import { placeErrors } from './agent-errors.ts'
import { changeForm } from './buttons.ts'
import { createPrepareForm, type ExecuteForm, type SchemaOfAgent } from './execute-form.ts'
import { createFillForm } from './fill.ts'
import { freshForm } from './form.ts'
import { goneInputs, readForm, type TypedForm } from './read.ts'
import { markOf } from './schema-mark.ts'
import { acceptable } from './secrets.ts'
import { writeForm } from './write.ts'

type Submitted = { runId: string } | { refused: ExecuteForm }

export type ExecuteForms = {
  failure(form: ExecuteForm): InvalidInputError
  /** As the agent describes it now; filled from a run, or from a JSON object. */
  open(id: string, fill?: { from?: string | undefined; inputs?: string | undefined }): Promise<ExecuteForm>
  /** After its button `op` was pressed; `restore` makes it of a draft. */
  change(id: string, typed: TypedForm, op: string): Promise<ExecuteForm>
  /** Starts a run. The form comes back with its errors, or with those that the agent itself reports within a second. A
   * `key` replaces the form's own token. */
  submit(id: string, typed: TypedForm, asked: Pick<RunRequest, 'key' | 'trace'>, by: Actor): Promise<Submitted>
}

const refusalWaitMs = 1000

export function createExecuteForms(deps: {
  currentSchema: (id: string) => Promise<SchemaOfAgent>
  knownSchema: (id: string) => Promise<SchemaOfAgent>
  runs: Pick<Runs, 'get' | 'schema'>
  latestInputs: RunStore['latestInputs']
  usual: UsualRuns
  executions: Pick<Executions, 'accept' | 'ended'>
  newToken: () => string
}): ExecuteForms {
  const { currentSchema, knownSchema, runs, executions, newToken } = deps
  const prepare = createPrepareForm(deps)
  const fill = createFillForm(runs, prepare)

  async function reread(id: string, typed: TypedForm): Promise<{ known: SchemaOfAgent; shown: ExecuteForm }> {
    const known = await knownSchema(id)
    const { token, isDraft } = typed
    const prepared = await prepare(known, readForm(known.schema, typed))
    return { known, shown: { ...prepared, ...(token && { token }), isDraft } }
  }

  async function accept(known: SchemaOfAgent, inputs: string, asked: Pick<RunRequest, 'key' | 'trace'>, by: Actor) {
    const { runId } = await executions.accept({ ...acceptable(known, inputs), ...asked }, by)
    await executions.ended(runId, refusalWaitMs)
    const { status, errorFields } = await runs.get(runId)
    return { runId, errorFields: status === 'failed' ? errorFields : [] }
  }

  return {
    failure({ errors, problem }) {
      const fields = [...errors].map(([pointer, message]) => ({ field: dottedName(pointer), message }))
      return new InvalidInputError(fields, problem)
    },

    async open(id, { from, inputs } = {}) {
      const known = await currentSchema(id)
      if (from) return fill.fromRun(known, from)
      return inputs ? fill.fromJson(known, inputs) : prepare(known, freshForm(known.schema))
    },

    async change(id, typed, op) {
      const { known, shown } = await reread(id, typed)
      if (op === 'restore') return { ...shown, problem: changedSince(known.schema, typed, 'this draft was kept') }
      return { ...shown, ...changeForm(known.schema, shown.form, op) }
    },

    async submit(id, typed, { key, trace }, by) {
      const { known, shown } = await reread(id, typed)
      const problem = changedSince(known.schema, typed, 'this form was opened')
      if (problem !== undefined) return { refused: { ...shown, problem } }
      const { inputs, errors } = writeForm(known.schema, shown.form)
      if (errors.size > 0) return { refused: { ...shown, errors } }
      const formKey = typed.token ? { scope: 'form' as const, value: typed.token } : undefined
      const { runId, errorFields } = await accept(known, inputs, { key: key ?? formKey, trace }, by)
      if (errorFields.length === 0) return { runId }
      const { errors: placed, others } = placeErrors(shown.form.fields, errorFields)
      return { refused: { ...shown, errors: placed, token: newToken(), refused: { runId, messages: others } } }
    },
  }
}

function changedSince(schema: InputSchema, typed: TypedForm, then: string): string | undefined {
  if (typed.schemaMark === '' || typed.schemaMark === markOf(schema)) return undefined
  const gone = goneInputs(schema, typed)
  const lost = gone.length > 0 ? ` It no longer takes ${gone.join(', ')}.` : ''
  return `The agent's inputs have changed since ${then}.${lost} Check them, then execute again.`
}
