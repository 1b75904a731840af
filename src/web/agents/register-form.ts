import type { Diagnosis } from '../../orchestrator/doctor/diagnosis.ts'
import type { AppError, FieldError } from '../../shared/errors.ts'
import { type AccessFields, presentAccessFields } from '../credentials/fields.ts'
import { paths } from '../http/paths.ts'

export type Typed = {
  agent_id?: unknown
  agent_name?: unknown
  agent_url?: unknown
  description?: unknown
  /** Set where the form is on the page of the first use. */
  first?: unknown
} & Record<string, unknown>

type Outcome = {
  error?: AppError
  isCleared?: boolean
  test?: { diagnosis: Diagnosis; present: (diagnosis: Diagnosis, filledIn: string[]) => object }
}
type FormField = { value: string; error: string; isFilledIn: boolean; isFocused: boolean }
type UrlField = FormField & { isWrong: boolean }
export type RegisterForm = Record<'agentId' | 'agentName' | 'description', FormField> & {
  agentUrl: UrlField
  access: AccessFields
  isFirst: boolean
  isBegun: boolean
  clearPath: string
  problem: string
  diagnosis: object | undefined
  canBeSavedAnyway: boolean
}

const down = 'agent-unavailable'

export function presentRegisterForm(typed: Typed = {}, outcome: Outcome = {}): RegisterForm {
  const { error, test, isCleared = false } = outcome
  const diagnosis = test?.diagnosis
  const isFirst = typed.first === '1'
  const isTyped = error !== undefined || test !== undefined
  const suggestion = diagnosis?.suggestion
  const errorAt = (name: string) => error?.fields.find(({ field }: FieldError) => field === name)?.message ?? ''
  const field = (name: keyof Typed, suggested = ''): FormField => {
    const value = text(typed[name])
    // What was typed stays, whatever the agent calls itself.
    const isFilledIn = value.trim() === '' && suggested !== ''
    const isFocused = errorAt(name) !== '' || (isCleared && name === 'agent_url')
    return { value: isFilledIn ? suggested : value, error: errorAt(name), isFilledIn, isFocused }
  }
  const fields = {
    agentUrl: {
      ...field('agent_url'),
      isWrong: test !== undefined && !test.diagnosis.isOk && !test.diagnosis.needsCredential,
    },
    agentId: field('agent_id', suggestion?.agentId),
    agentName: field('agent_name', suggestion?.agentName),
    description: field('description', suggestion?.description),
  }
  const filledIn = [
    fields.agentId.isFilledIn && 'ID',
    fields.agentName.isFilledIn && 'name',
    fields.description.isFilledIn && 'description',
  ].filter((one) => one !== false)
  return {
    ...fields,
    access: presentAccessFields(
      'agent',
      undefined,
      {},
      {
        typed: isTyped ? typed : undefined,
        errors: error?.fields,
        at: diagnosis?.needsCredential ? 'credential' : undefined,
      },
    ),
    isFirst,
    isBegun: Object.values(fields).some(({ value }) => value !== '') || error !== undefined,
    clearPath: paths.register(isFirst ? { first: '1' } : {}),
    problem: error && error.fields.length === 0 ? error.message : '',
    diagnosis: test?.present(test.diagnosis, filledIn),
    canBeSavedAnyway: diagnosis?.canBeSavedAnyway ?? error?.code === down,
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
