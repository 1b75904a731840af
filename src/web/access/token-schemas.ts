import { z } from 'zod'
import { actorRoles, maxTokenDays, tokenKinds } from '../../shared/role.ts'
import { jsonOrPage, pageOnly, problems } from '../http/answers.ts'
import { shownAs, time } from '../http/schemas.ts'
import { agentsTyped, typedAgents } from './agent-choice.ts'

const tags = ['Access']
const token = z
  .strictObject({
    token_id: z.string(),
    name: z.string(),
    kind: z.enum(tokenKinds).describe('For the API, or for agents that register themselves'),
    role: z.enum(actorRoles).nullable().describe('Null for registration'),
    agents: z.array(z.string()).nullable().describe('Null for all'),
    created_by: z.string(),
    created_at: time.nullable(),
    expires_at: time.nullable().describe('Null: never'),
    last_used_at: time.nullable().describe('To the minute'),
  })
  .meta({ id: 'Token', description: 'What a program shows to say who it is' })

const byToken = z.object({
  id: z.string().meta({ description: 'Token ID', examples: ['0199b0c8-0000-7000-8000-000000000003'] }),
})

export const listTokens = {
  tags,
  summary: 'Tokens',
  querystring: z.strictObject({}),
  response: {
    200: jsonOrPage('By name; what programs send is not kept', z.strictObject({ tokens: z.array(token) })),
    ...problems(403, 422),
  },
}

const name = z.string('Give a name.').meta({ examples: ['nightly'] })

const sent = z
  .strictObject({
    name,
    kind: z.enum(tokenKinds).default('api').describe('For the API, or for agents that register themselves'),
    role: z.enum(actorRoles).optional().describe('What it may do. Only for the API'),
    agents: z
      .array(z.string())
      .nullable()
      .default(null)
      .describe('The agents it sees, or those that it registers. Null: all'),
    expires_in_days: z.number().int().min(1).max(maxTokenDays).nullable().describe('Null: never'),
  })
  .meta({ examples: [{ name: 'nightly', role: 'operator', expires_in_days: 90 }] })

const lines = (text: string) =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** One choice says both kind and role. */
const typed = z.strictObject({
  name: z.string().default(''),
  scope: z.enum([...actorRoles, 'registration']).default('viewer'),
  ...typedAgents,
  new_agents: z.string().default(''),
  expires_in_days: z.string().default('90'),
})

const form = typed.transform(({ name, scope, sees = 'all', agent, new_agents, expires_in_days: days }) => {
  const isForAgents = scope === 'registration'
  const chosen = agentsTyped({ sees, agent }) ?? null
  return {
    name,
    ...(isForAgents ? { kind: 'registration' as const, role: undefined } : { kind: 'api' as const, role: scope }),
    agents: chosen && [...chosen, ...(isForAgents ? lines(new_agents) : [])],
    expires_in_days: days === 'never' ? null : Number(days),
  }
})

export type TypedToken = z.output<typeof form>

export const createToken = {
  tags,
  summary: 'Create a token',
  description:
    'Send it with each request as `Authorization: Bearer ca_…`. `token` is in this answer alone. ' +
    'A registration token only lets agents register, send heartbeats, read and remove themselves.',
  body: {
    content: {
      'application/json': { schema: sent },
      'application/x-www-form-urlencoded': { schema: shownAs(form, undefined) },
    },
  },
  response: {
    200: pageOnly('The tokens, with the new one'),
    201: jsonOrPage('The token', token.extend({ token: z.string().describe('`ca_…`') }).meta({ id: 'NewToken' })),
    ...problems(403, 422),
  },
}

export const showTokenForm = { hide: true, response: { 200: pageOnly('The form') } }
export const askToRemoveToken = { hide: true, params: byToken, response: { 200: pageOnly('The question') } }

const removed = z.strictObject({ status: z.literal('removed'), token_id: z.string() })

export const removeToken = {
  tags,
  summary: 'Remove a token',
  description: 'Whoever uses it is refused from now on.',
  params: byToken,
  response: { 200: jsonOrPage('It is removed', removed), ...problems(403, 404) },
}

export const removeTokenByForm = { ...removeToken, hide: true }
