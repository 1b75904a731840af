import { z } from 'zod'
import { accessFields, ofCredentialForm, savedAccessFields } from '../credentials/schemas.ts'
import { jsonOrPage, pageOnly, problems } from '../http/answers.ts'
import { byAgent, count, inAddress, newAgentId, ofPages, time, unchecked } from '../http/schemas.ts'
import { checkFields } from './checked.ts'
import { agentPageQuery } from './page/query.ts'

const agentName = z
  .string()
  .max(256)
  .regex(/\S/)
  .meta({ examples: ['Article Writer'] })
const agentUrl = z.string().meta({ description: 'Its base URL', examples: ['http://localhost:8001'] })
const description = z.string().nullable()
const anyway = z
  .union([z.boolean(), z.literal(['1', '0', 'true', 'false', '', 0])])
  .nullish()
  .describe('Save it though it does not answer or is not healthy')

const registration = z.strictObject({
  agent_id: newAgentId,
  agent_name: agentName,
  agent_url: agentUrl,
  description: description.optional(),
  metadata: z
    .looseObject({
      description: description.optional(),
      ttl_seconds: z.number().int().min(1).max(3600).optional(),
    })
    .nullable()
    .optional()
    .describe('Kept with the agent. With the description it may have 4000 characters'),
  ...accessFields,
  anyway,
})
const registrationExample = {
  agent_id: 'writer',
  agent_name: 'Article Writer',
  agent_url: 'http://localhost:8001',
  description: 'Writes articles.',
}
/** `first` is set on the page of the first use; `next` is what to do next: execute. */
const ofRegistrationForm = ['first', 'next', ...ofCredentialForm] as const

const registered = z.strictObject({
  status: z.literal('registered'),
  agent_id: z.string(),
  agent_name: z.string(),
  agent_url: z.string(),
  credential: z.enum(['bearer', 'basic', 'headers']).optional().describe('Which one is saved, if any'),
  message: z.string(),
  check: checkFields,
})

const seconds = (max: number) =>
  z
    .union([z.number().min(1).max(max), z.string()])
    .nullable()
    .optional()
    .describe('Null for the default')

export const changes = z
  .strictObject({
    agent_name: agentName.optional(),
    agent_url: agentUrl.optional(),
    description: description.optional(),
    check_interval_seconds: seconds(86_400),
    check_timeout_seconds: seconds(60),
    ...accessFields,
    anyway,
  })
  .meta({ examples: [{ agent_name: 'Article Writer', check_interval_seconds: 30 }] })

const editable = z.strictObject({
  agent_id: z.string(),
  agent_name: z.string(),
  agent_url: z.string(),
  description: z.string(),
  check_interval_seconds: z.number().nullable(),
  check_timeout_seconds: z.number().nullable(),
  ...savedAccessFields,
})

const tags = ['Agents']
const ofAgent = { tags, params: byAgent }
export const onAgentPage = { ...ofAgent, querystring: ofPages(agentPageQuery) }

export const showRegisterForm = {
  hide: true,
  querystring: z.object({ first: z.string().optional().catch(undefined) }),
  response: { 200: pageOnly('The form') },
}

export const registerAgent = {
  tags,
  summary: 'Register an agent, or change one',
  description: 'Its health is checked first; nothing is saved where that fails.',
  body: unchecked(registration.meta({ examples: [registrationExample] }), ofRegistrationForm),
  response: { 200: jsonOrPage('It is registered', registered), ...problems(400, 422, 503) },
}
export type RegistrationForm = z.output<typeof registerAgent.body>

/** What the form is opened for. */
const editAt = z.enum(['credential', 'certificate']).optional().catch(undefined)
export type EditAt = z.output<typeof editAt>

export const showAgentEdit = {
  ...ofAgent,
  querystring: ofPages(agentPageQuery.extend({ at: editAt })),
  summary: 'What can be changed of an agent',
  response: { 200: jsonOrPage('As it is', editable), ...problems(404) },
}

export const editAgent = {
  ...onAgentPage,
  summary: 'Change an agent',
  description: 'What is not named stays. A new URL, credential, certificate or health path is checked first.',
  body: unchecked(changes, ofCredentialForm),
  response: {
    200: jsonOrPage('As it is now', editable.extend({ check: checkFields })),
    ...problems(400, 404, 422, 503),
  },
}

const paused = z.strictObject({ agent_id: z.string(), paused_at: time.nullable() })

export const pauseAgent = {
  ...onAgentPage,
  summary: 'Pause the checks of an agent',
  response: { 200: jsonOrPage('It is paused', paused), ...problems(404) },
}

export const resumeAgent = {
  ...onAgentPage,
  summary: 'Resume the checks of an agent',
  response: { 200: jsonOrPage('It is checked again', paused), ...problems(404) },
}

export const askToRemoveAgent = {
  ...ofAgent,
  summary: 'How many runs stay when an agent is removed',
  response: {
    200: jsonOrPage('The agent', z.strictObject({ agent_id: z.string(), agent_name: z.string(), runs: count })),
    ...problems(404),
  },
}

export const submitRemoval = { hide: true, params: byAgent, response: { 303: pageOnly('To the agents') } }

export const removeAgent = {
  ...ofAgent,
  summary: 'Remove an agent',
  description: 'Its runs stay.',
  response: {
    200: jsonOrPage('It is removed', z.strictObject({ status: z.literal('deregistered'), agent_id: z.string() })),
    ...problems(404),
  },
}

export const listExpired = {
  tags,
  summary: 'Agents that registered themselves and stopped sending heartbeats',
  response: {
    200: jsonOrPage(
      'The expired agents',
      z.strictObject({ agents: z.array(z.strictObject({ agent_id: z.string(), agent_name: z.string() })) }),
    ),
  },
}

const agentIds = z.array(z.string())
const giveIds = 'Give ids of agents.'

export const removeExpired = {
  tags,
  summary: 'Remove expired agents',
  description: 'All of them, or those of the given IDs that are expired.',
  querystring: ofPages(inAddress),
  body: z
    .strictObject({ agent_id: z.union([agentIds, z.string()], giveIds).optional() }, giveIds)
    .meta({ examples: [{ agent_id: ['writer'] }] }),
  response: {
    200: jsonOrPage('They are removed', z.strictObject({ status: z.literal('deregistered'), agent_ids: agentIds })),
    ...problems(422),
  },
}
