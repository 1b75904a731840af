import { z } from 'zod'
import { agentPageQuery } from '../agents/page/query.ts'
import { agentsPageQuery } from '../agents/schemas.ts'
import { json, jsonOrPage, problems } from '../http/answers.ts'
import { byAgent, lenient, newAgentId, ofPages, shownAs, strictForPrograms, unchecked } from '../http/schemas.ts'

const naiveTime = z.string().meta({ description: 'UTC, without a zone', examples: ['2026-11-22T16:14:30.057000'] })

const agentInfo = z
  .strictObject({
    agent_id: z.string(),
    agent_name: z.string(),
    host: z.string(),
    port: z.number(),
    is_alive: z.boolean().describe('By its heartbeats, or by health checks'),
    last_heartbeat: naiveTime.nullable(),
    registered_at: naiveTime.nullable(),
    ttl_seconds: z.number(),
    metadata: z.string().nullable(),
  })
  .meta({ id: 'AgentInfo', description: 'An agent as the registry of the Python program describes it' })

const tags = ['Registry']

const example = { agent_id: 'writer', agent_name: 'Article Writer', host: 'localhost', port: 8001, ttl_seconds: 60 }

const registration = z
  .strictObject({
    agent_id: newAgentId,
    agent_name: z
      .string()
      .max(256)
      .regex(/\S/)
      .meta({ examples: ['Article Writer'] }),
    host: z
      .string()
      .max(256)
      .meta({ description: 'A host name or an IP address', examples: ['localhost'] }),
    port: z
      .number()
      .int()
      .min(1)
      .max(65_535)
      .meta({ examples: [8001] }),
    ttl_seconds: z.number().int().min(1).max(3600).optional().describe('How long it is alive after a heartbeat: 60'),
    metadata: z.string().max(4000).nullable().optional(),
  })
  .meta({ examples: [example] })

export const registerSelf = {
  tags,
  summary: 'An agent registers itself',
  body: unchecked(registration),
  response: { 200: json('It is registered', agentInfo), ...problems(422) },
}

/** As FastAPI reads them. */
const yesOrNo = z.stringbool({
  truthy: ['1', 'on', 't', 'true', 'y', 'yes'],
  falsy: ['0', 'off', 'f', 'false', 'n', 'no'],
  error: 'include_dead must be true or false.',
})
const lastOf = (value: unknown) => (Array.isArray(value) ? value.at(-1) : value)

const listed = z.strictObject({ include_dead: z.preprocess(lastOf, yesOrNo.default(false)) })

export const listRegistered = {
  tags,
  summary: 'The registered agents, newest first',
  querystring: shownAs(
    strictForPrograms(agentsPageQuery.extend(lenient(listed)), listed),
    z.strictObject({
      include_dead: z
        .boolean()
        .default(false)
        .meta({ description: 'Include those without a recent heartbeat', examples: [true] }),
    }),
  ),
  response: { 200: jsonOrPage('The agents', z.array(agentInfo)), ...problems(422) },
}

export const showRegistered = {
  tags,
  summary: 'One registered agent',
  params: byAgent,
  querystring: ofPages(agentPageQuery),
  response: { 200: jsonOrPage('The agent', agentInfo), ...problems(404) },
}

export const beat = {
  tags,
  summary: 'A heartbeat of an agent',
  description: 'A body is ignored.',
  params: byAgent,
  response: {
    200: json('It is alive', z.strictObject({ status: z.literal('ok'), last_heartbeat: naiveTime.nullable() })),
    ...problems(404),
  },
}

export const removeItself = {
  tags,
  summary: 'An agent removes itself',
  description: 'Its runs stay. A body is ignored.',
  params: byAgent,
  response: {
    200: json('It is removed', z.strictObject({ status: z.literal('deleted'), agent_id: z.string() })),
    ...problems(404),
  },
}
