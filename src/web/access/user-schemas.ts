import { z } from 'zod'
import { actorRoles } from '../../shared/role.ts'
import { jsonOrPage, pageOnly, problems } from '../http/answers.ts'
import { shownAs, time } from '../http/schemas.ts'
import { typedAgents } from './agent-choice.ts'

const tags = ['Access']
const byUser = z.object({
  id: z.string().meta({ description: 'User ID', examples: ['0199b0c8-0000-7000-8000-000000000004'] }),
})
const agents = z.array(z.string('Give IDs of agents.'), 'Give a list of IDs of agents, or null.').nullable()
const seen = agents.optional().describe('IDs of those that they may see; null for all')
const role = z.enum(actorRoles).describe('What they may do')
const password = z.string('Give a password.')
/** It is checked, and refused in words, further inside. */
const newPassword = z.string().min(8).describe('At least 8 characters')
const noQuery = z.strictObject({})

const user = z
  .strictObject({
    user_id: z.string(),
    name: z.string(),
    role: z.enum(actorRoles),
    agents: z.array(z.string()).nullable().describe('Those that they may see; null for all'),
    logs_in_by: z.enum(['password', 'oidc', 'proxy']),
    created_at: time.nullable(),
    last_active_at: time.nullable(),
  })
  .meta({ id: 'User', description: 'Somebody who may use the dashboard' })

export const listUsers = {
  tags,
  summary: 'Users',
  querystring: noQuery,
  response: { 200: jsonOrPage('By name', z.strictObject({ users: z.array(user) })), ...problems(422) },
}
export const showForm = { hide: true, response: { 200: pageOnly('The form') } }
export const showFormOfUser = { ...showForm, params: byUser }

const newUser = z.strictObject({ name: z.string('Give a name.'), password, role: z.string('Choose a role.') })
export const addUser = {
  tags,
  summary: 'Add a user',
  description: 'The first one has to be an admin. From then on everybody has to log in, or to send a token.',
  body: shownAs(
    newUser.extend({ agents: seen, ...typedAgents }),
    newUser
      .extend({ password: newPassword, role, agents: seen })
      .meta({ examples: [{ name: 'bob', password: 'correct horse battery', role: 'operator', agents: ['writer'] }] }),
  ),
  response: { 200: jsonOrPage('The user', user), ...problems(422) },
}

export const showUser = {
  tags,
  summary: 'One user',
  params: byUser,
  querystring: noQuery,
  response: { 200: jsonOrPage('The user', user), ...problems(404, 422) },
}

const changes = z.strictObject({ role: z.string().optional(), agents: seen })
export const changeUser = {
  tags,
  summary: 'Change what a user may do and see',
  description: 'The last admin with a password stays one. Who logs in elsewhere has the role of their groups.',
  params: byUser,
  body: shownAs(
    changes.extend(typedAgents),
    changes.extend({ role: role.optional() }).meta({ examples: [{ role: 'operator' }] }),
  ),
  response: { 200: jsonOrPage('The user, as they are now', user), ...problems(404, 409, 422) },
}

const changed = z.strictObject({ status: z.literal('changed') })
const oneNewPassword = z.strictObject({ password })

export const setPassword = {
  tags,
  summary: 'Give a user a new password',
  params: byUser,
  body: shownAs(
    oneNewPassword,
    z.strictObject({ password: newPassword }).meta({ examples: [{ password: 'correct horse battery' }] }),
  ),
  response: { 200: jsonOrPage('Changed. Their sessions have ended', changed), ...problems(404, 409, 422) },
}

export const removeUser = {
  tags,
  summary: 'Remove a user',
  description: 'The last admin with a password stays.',
  params: byUser,
  response: {
    200: jsonOrPage('Removed. Their sessions have ended', z.strictObject({ status: z.literal('removed') })),
    ...problems(404, 409),
  },
}
export const removeUserByForm = { ...removeUser, hide: true }
