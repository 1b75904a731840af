import type { ShownUser } from '../../orchestrator/access/users.ts'
import type { AppError } from '../../shared/errors.ts'
import { paths } from '../http/paths.ts'
import { type AgentNames, presentAgentChoice } from './agent-choice.ts'
import { roleChoices } from './people.ts'

type Typed = { name?: string; role?: string | undefined; agents?: string[] | null | undefined }
export type Refusal = { typed: Typed; error: AppError }

/** What is wrong, at its field; else above all. Passwords are typed again. */
function problemsOf(error: AppError | undefined) {
  const at = (field: string) => error?.fields.find((one) => one.field === field)?.message ?? ''
  return { at, problem: error && error.fields.length === 0 ? error.message : '' }
}

/** Adds a user, or changes one. The first one has to be an admin, else nobody could let others in. */
export function presentUserForm(given: {
  known: AgentNames
  user?: ShownUser
  isFirst?: boolean
  refusal?: Refusal | undefined
}) {
  const { known, user, isFirst = false, refusal } = given
  const { at, problem } = problemsOf(refusal?.error)
  const { typed } = refusal ?? {}
  const role = typed?.role ?? user?.role ?? (isFirst ? 'admin' : 'viewer')
  return {
    title: user ? `Change ${user.name}` : 'Add user',
    path: user ? paths.user(user.id) : paths.users(),
    ...{ isNew: user === undefined, isFirst, problem },
    name: { value: typed?.name ?? '', error: at('name') },
    password: { error: at('password') },
    roles: roleChoices
      .filter((one) => !isFirst || one.role === 'admin')
      .map((one) => ({ ...one, isChosen: one.role === role })),
    roleError: at('role'),
    agents: presentAgentChoice(
      known,
      typed?.agents === undefined ? (user?.agents ?? null) : typed.agents,
      at('agents'),
    ),
  }
}

export function presentPasswordForm(user: ShownUser, error?: AppError) {
  const { at, problem } = problemsOf(error)
  return {
    title: `New password for ${user.name}`,
    path: paths.userPassword(user.id),
    problem,
    password: { error: at('password') },
  }
}

export function presentOwnPassword(error?: AppError) {
  const { at, problem } = problemsOf(error)
  return { problem, old: { error: at('old') }, password: { error: at('password') } }
}
