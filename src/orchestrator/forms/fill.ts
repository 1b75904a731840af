import { NotFoundError } from '../../shared/errors.ts'
import { recordedObject } from '../../shared/json/payload.ts'
import { jsonError } from '../../shared/json.ts'
import type { Run, Runs } from '../runs/runs.ts'
import { placeErrors, pointerOf } from './agent-errors.ts'
import type { ExecuteForm, PrepareForm, SchemaOfAgent } from './execute-form.ts'
import type { Field } from './fields/field.ts'
import { formOf, freshForm } from './form.ts'
import { askedAgain, passwordNote } from './passwords.ts'
import { schemaChanges } from './schema-changes.ts'
import type { FormErrors } from './write-inside.ts'

export type FillForm = {
  fromRun(known: SchemaOfAgent, runId: string): Promise<ExecuteForm>
  fromJson(known: SchemaOfAgent, text: string): Promise<ExecuteForm>
}

export function createFillForm(runs: Pick<Runs, 'get' | 'schema'>, prepare: PrepareForm): FillForm {
  async function findOrNone(id: string): Promise<Run | undefined> {
    try {
      return await runs.get(id)
    } catch (error) {
      if (error instanceof NotFoundError) return undefined
      throw error
    }
  }

  return {
    async fromRun(known, runId) {
      const blank = await prepare(known, freshForm(known.schema))
      const run = await findOrNone(runId)
      if (!run) return { ...blank, problem: 'The run to fill this form from is not known any more.' }
      const inputs = recordedObject(run.inputs)
      if (inputs === undefined) {
        return {
          ...blank,
          problem: 'The inputs of that run cannot be filled in: they were not recorded as a JSON object.',
        }
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
        form: { ...form, fields: form.fields.map((field) => withPasswordsAsked(field, errors)) },
        errors,
        changes: schemaText === undefined ? undefined : schemaChanges(schemaText, known.schema),
        refused: run.errorFields.length > 0 ? { runId, messages: others } : undefined,
      }
    },

    async fromJson(known, text) {
      const error = jsonError(text) ?? (text.trim().startsWith('{') ? undefined : 'Enter a JSON object.')
      if (error === undefined) {
        const form = formOf(known.schema, text.trim())
        return { ...(await prepare(known, form)), errors: form.view === 'json' ? new Map() : askedAgain(form) }
      }
      const form = await prepare(known, { ...formOf(known.schema, '{}'), view: 'json', json: text })
      return { ...form, errors: new Map([['json', error]]), focus: 'json' }
    },
  }
}

/** A withheld password is asked for even where it is optional. */
function withPasswordsAsked(field: Field, errors: FormErrors): Field {
  const fields = field.fields.map((one) => withPasswordsAsked(one, errors))
  const isAsked = errors.get(field.pointer) === passwordNote && field.mode === 'unset'
  return { ...field, fields, mode: isAsked ? 'set' : field.mode }
}
