import type { Diagnosis } from '../../orchestrator/doctor/diagnosis.ts'
import type { AppError, FieldError } from '../../shared/errors.ts'

export type Typed = {
  agent_id?: unknown
  agent_name?: unknown
  agent_url?: unknown
  description?: unknown
}

type Outcome = {
  error?: AppError
  test?: { diagnosis: Diagnosis; present: (diagnosis: Diagnosis, filledIn: string[]) => object }
}
type FormField = { value: string; error: string; isFilledIn: boolean }
export type RegisterForm = Record<'agentUrl' | 'agentId' | 'agentName' | 'description', FormField> & {
  problem: string
  diagnosis: object | undefined
  suggestedUrl: string
  canBeSavedAnyway: boolean
}

const down = 'agent-unavailable'

export function presentRegisterForm(typed: Typed = {}, outcome: Outcome = {}): RegisterForm {
  const { error, test } = outcome
  const diagnosis = test?.diagnosis
  const suggestion = diagnosis?.suggestion
  const errorAt = (name: string) => error?.fields.find(({ field }: FieldError) => field === name)?.message ?? ''
  const field = (name: keyof Typed, suggested = ''): FormField => {
    const value = text(typed[name])
    // What was typed stays, whatever the agent calls itself.
    const isFilledIn = value.trim() === '' && suggested !== ''
    return { value: isFilledIn ? suggested : value, error: errorAt(name), isFilledIn }
  }
  const fields = {
    agentUrl: field('agent_url'),
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
    problem: error && error.fields.length === 0 ? error.message : '',
    diagnosis: test?.present(test.diagnosis, filledIn),
    suggestedUrl: diagnosis?.suggestedUrl ?? '',
    canBeSavedAnyway: diagnosis?.canBeSavedAnyway ?? error?.code === down,
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
