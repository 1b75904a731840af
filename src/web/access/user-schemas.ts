import { z } from 'zod'
import { actorRoles } from '../../shared/role.ts'
import { jsonOrPage, pageOnly, problems } from '../http/answers.ts'
import { shownAs, time } from '../http/schemas.ts'
import { typedAgents } from './agent-choice.ts'

const byUser = z.object({ id: z.string().meta({ description: 'User ID' }) })
const bySession = z.object({ id: z.string().meta({ description: 'Session ID' }) })
const agents = z.array(z.string('Give IDs of agents.'), 'Give a list of IDs of agents, or null.').nullable()

const user = z.strictObject({
  user_id: z.string(),
  name: z.string(),
  role: z.enum(actorRoles),
  agents: z.array(z.string()).nullable().describe('Those that they may see; null for all'),
  logs_in_by: z.enum(['password', 'oidc', 'proxy']),
  created_at: time.nullable(),
  last_active_at: time.nullable(),
})
const session = z.strictObject({
  session_id: z.string(),
  created_at: time.nullable(),
  last_active_at: time.nullable(),
  address: z.string(),
  browser: z.string(),
  is_this: z.boolean(),
})
const sessions = z.strictObject({ sessions: z.array(session) })
const done = z.strictObject({ status: z.enum(['removed', 'ended', 'changed']) })

/** Of people, not of programs: left out of the document, whose examples everyone may try. */
const hide = true

export const listUsers = { hide, response: { 200: jsonOrPage('By name', z.strictObject({ users: z.array(user) })) } }
export const showForm = { hide, response: { 200: pageOnly('The form') } }
export const showFormOfUser = { ...showForm, params: byUser }

const newUser = z.strictObject({
  name: z.string('Give a name.'),
  password: z.string('Give a password.'),
  role: z.string('Choose a role.'),
  agents: agents.optional(),
})
export const addUser = {
  hide,
  body: shownAs(newUser.extend(typedAgents), newUser),
  response: { 200: jsonOrPage('Added', user), ...problems(409, 422) },
}

export const showUser = { hide, params: byUser, response: { 200: jsonOrPage('The user', user), ...problems(404) } }

const changes = z.strictObject({ role: z.string().optional(), agents: agents.optional() })
export const changeUser = {
  hide,
  params: byUser,
  body: shownAs(changes.extend(typedAgents), changes),
  response: { 200: jsonOrPage('As they are now', user), ...problems(404, 409, 422) },
}

export const setPassword = {
  hide,
  params: byUser,
  body: z.strictObject({ password: z.string('Give a password.') }),
  response: { 200: jsonOrPage('Changed; their sessions have ended', done), ...problems(404, 409, 422) },
}

export const removeUser = {
  hide,
  params: byUser,
  response: { 200: jsonOrPage('Removed; their sessions have ended', done), ...problems(404, 409) },
}

export const listSessions = { hide, params: byUser, response: { 200: jsonOrPage('The newest first', sessions) } }
export const endSession = {
  hide,
  params: bySession,
  response: { 200: jsonOrPage('Ended', done), ...problems(403, 404) },
}

export const showAccount = { hide, response: { 200: jsonOrPage('Own sessions', sessions), ...problems(403) } }
export const endOtherSessions = { hide, response: { 200: jsonOrPage('Ended', done), ...problems(403) } }
export const changeOwnPassword = {
  hide,
  body: z.strictObject({ old: z.string('Give your password.'), password: z.string('Give a new password.') }),
  response: { 200: jsonOrPage('Changed; all other sessions have ended', done), ...problems(403, 409, 422, 429) },
}
