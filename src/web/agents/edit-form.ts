import type { AgentQuery } from '../../orchestrator/agents/page.ts'
import type { AgentToEdit } from '../../orchestrator/agents/service.ts'
import type { Diagnosis } from '../../orchestrator/doctor/diagnosis.ts'
import type { Agent } from '../../orchestrator/registry/agent.ts'
import type { AppError } from '../../shared/errors.ts'
import { presentAccessFields } from '../credentials/fields.ts'
import { type SavedAccess, savedAccessAsJson } from '../credentials/saved.ts'
import { formatNumber } from '../format/numbers.ts'
import { paths } from '../http/paths.ts'
import type { EditAt } from './change-schemas.ts'
import { queryFields } from './page/query.ts'

type AgentEdit = {
  agent_id: string
  agent_name: string
  agent_url: string
  description: string
  check_interval_seconds: number | null
  check_timeout_seconds: number | null
} & SavedAccess
type Typed = Partial<Record<keyof AgentEdit, unknown>>
const checked = 'A new URL is checked before it is saved.'

/** What came of what was typed: an error, or a test. */
export type EditOutcome = { typed: Typed & Record<string, unknown>; error?: AppError; test?: EditTest }
type EditTest = { diagnosis: Diagnosis; shown: object }

export function presentAgentEdit(
  { agent, defaultChecks }: AgentToEdit,
  query: AgentQuery,
  { at, outcome }: { at?: EditAt; outcome?: EditOutcome } = {},
) {
  const known: Typed = agentEditAsJson(agent)
  const { error, test } = outcome ?? {}
  const fields = error?.fields ?? []
  const errors = new Map(fields.toReversed().map(({ field, message }) => [field, message]))
  const first = fields[0]?.field
  const field = (name: keyof Typed) => ({
    value: text((outcome?.typed ?? known)[name]),
    error: errors.get(name) ?? '',
    isFocused: outcome ? name === first : at === undefined && name === 'agent_name',
  })
  return {
    name: agent.name,
    path: paths.editAgent(agent.id, queryFields(query)),
    testPath: paths.testAgentEdit(agent.id, queryFields(query)),
    backPath: paths.agentPage(agent.id, queryFields(query)),
    agentName: field('agent_name'),
    agentUrl: {
      ...field('agent_url'),
      isWrong: test !== undefined && !test.diagnosis.isOk && !test.diagnosis.needsCredential,
    },
    description: field('description'),
    interval: { ...field('check_interval_seconds'), usual: formatNumber(defaultChecks.intervalMs / 1000) },
    timeout: { ...field('check_timeout_seconds'), usual: formatNumber(defaultChecks.timeoutMs / 1000) },
    urlHint: agent.isSelfRegistered ? `${checked} When the agent registers itself again, it gives its own.` : checked,
    access: presentAccessFields('edit', agent.credential, agent, {
      typed: outcome?.typed,
      errors: fields,
      at: test?.diagnosis.needsCredential ? 'credential' : at,
    }),
    diagnosis: test?.shown,
    problem: error && error.fields.length === 0 ? error.message : '',
    canBeSavedAnyway: error?.code === 'agent-unavailable',
  }
}

export function agentEditAsJson(agent: Agent): AgentEdit {
  const { id, name, url, description, checkIntervalSeconds, checkTimeoutSeconds } = agent
  return {
    agent_id: id,
    agent_name: name,
    agent_url: url,
    description,
    check_interval_seconds: checkIntervalSeconds ?? null,
    check_timeout_seconds: checkTimeoutSeconds ?? null,
    ...savedAccessAsJson(agent),
  }
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
