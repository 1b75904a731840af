import { z } from 'zod'
import { actorRoles } from '../../shared/role.ts'
import { json, jsonOrPage, problems } from '../http/answers.ts'
import { shownAs, strictForPrograms, time } from '../http/schemas.ts'

const tags = ['Access']
/** Tokens and proxies have no account. */
const ofSession = { tags, security: [{ session: ['viewer'] }] }

const session = z
  .strictObject({
    session_id: z.string(),
    created_at: time.nullable(),
    last_active_at: time.nullable(),
    address: z.string().describe('From which it was begun'),
    browser: z.string(),
    is_this: z.boolean().describe('Whether it is the one that asks'),
  })
  .meta({ id: 'Session', description: 'Where somebody is logged in' })
const sessions = z.strictObject({ sessions: z.array(session) })
const ended = z.strictObject({ status: z.literal('ended') })
const noQuery = z.strictObject({})

export const whoAmI = {
  tags,
  summary: 'Who asks, and what they may do',
  querystring: noQuery,
  response: {
    200: json(
      'As the dashboard knows them',
      z.strictObject({
        name: z.string(),
        role: z.enum(actorRoles),
        agents: z.array(z.string()).nullable().describe('IDs of those that they see; null for all'),
        known_by: z.enum(['session', 'token', 'proxy', 'nothing']).describe('`nothing` where no login is needed'),
        user_id: z.string().nullable(),
        token_id: z.string().nullable(),
      }),
    ),
    ...problems(422),
  },
}

export const listSessions = {
  tags,
  summary: 'Sessions of a user',
  params: z.object({
    id: z.string().meta({ description: 'User ID', examples: ['0199b0c8-0000-7000-8000-000000000004'] }),
  }),
  querystring: noQuery,
  response: { 200: jsonOrPage('The newest first', sessions), ...problems(404, 422) },
}

export const endSession = {
  tags,
  summary: 'End a session',
  description: 'People end their own, admins those of everyone.',
  params: z.object({
    id: z.string().meta({ description: 'Session ID', examples: ['0199b0c8-0000-7000-8000-000000000005'] }),
  }),
  response: { 200: jsonOrPage('Ended', ended), ...problems(404) },
}

export const showAccount = {
  ...ofSession,
  summary: 'Own sessions',
  querystring: strictForPrograms(z.object({}), noQuery),
  response: { 200: jsonOrPage('The newest first', sessions), ...problems(422) },
}

export const endOtherSessions = {
  ...ofSession,
  summary: 'End all own sessions but this one',
  response: { 200: jsonOrPage('Ended', ended) },
}

const passwords = z.strictObject({ old: z.string('Give your password.'), password: z.string('Give a new password.') })
export const changeOwnPassword = {
  ...ofSession,
  summary: 'Change the own password',
  description: 'Ends all other sessions. After 10 tries the answer is 429 for up to five minutes.',
  body: shownAs(
    passwords,
    passwords
      .extend({ password: z.string().min(8).describe('At least 8 characters') })
      .meta({ examples: [{ old: 'correct horse battery', password: 'correct horse battery' }] }),
  ),
  response: {
    200: jsonOrPage('Changed', z.strictObject({ status: z.literal('changed') })),
    ...problems(409, 422, 429),
  },
}
