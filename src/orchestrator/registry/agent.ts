import type { ProtocolName } from '../../agent/protocol.ts'
import { looseValue } from '../../shared/json.ts'
import type { AgentRecord } from '../../store/ports/agents.ts'
import { agentAt } from './target.ts'

/** An agent as everything above the store knows it. Times are milliseconds since 1970. */
export type Agent = {
  id: string
  name: string
  url: string
  protocol: ProtocolName
  host: string
  port: number
  description: string
  /** JSON text, or whatever the agent sent as such. */
  metadata: string | null
  /** Whether the agent registered itself: then it also beats, and expires when it stops. */
  isSelfRegistered: boolean
  registeredAt: number
  lastHeartbeatAt: number
  ttlSeconds: number
  pausedAt: number | undefined
  /** How it is checked, where that is not as for all others. */
  checkIntervalSeconds: number | undefined
  checkTimeoutSeconds: number | undefined
}

/** An agent as who keeps to its heartbeats sees it. */
export type RegisteredAgent = Agent & { isAlive: boolean }

/** What can be changed of an agent that is registered. */
export type AgentEdit = {
  name: string
  url: string
  description: string
  checkIntervalSeconds: number | undefined
  checkTimeoutSeconds: number | undefined
}

/** As the contract has it. */
const usualTtlSeconds = 60
export const longestIntervalSeconds = 86_400
export const longestTimeoutSeconds = 60

/** Another program may have left anything in a record: what makes no sense counts as not said. */
export function agentOf(record: AgentRecord): Agent {
  const { registeredBy, givenDescription, ...agent } = record
  return {
    ...agent,
    ...agentAt(record.url),
    description: givenDescription ?? descriptionIn(record.metadata),
    isSelfRegistered: registeredBy === 'self',
    ttlSeconds: record.ttlSeconds ?? usualTtlSeconds,
    checkIntervalSeconds: sensible(record.checkIntervalSeconds, longestIntervalSeconds),
    checkTimeoutSeconds: sensible(record.checkTimeoutSeconds, longestTimeoutSeconds),
  }
}

const sensible = (seconds: number | undefined, max: number): number | undefined =>
  seconds !== undefined && seconds >= 1 && seconds <= max ? seconds : undefined

function descriptionIn(metadata: string | null): string {
  // Most have none, and to read what may be Python takes time.
  if (!metadata?.includes('description')) return ''
  const value = looseValue(metadata)
  const said = typeof value === 'object' && value !== null ? (value as { description?: unknown }).description : ''
  return typeof said === 'string' ? said : ''
}

/** Metadata that are an object keep everything else in them; an agent may have sent anything, which then stays. */
export function withDescription(metadata: string | null, description: string): string | null {
  if (description === descriptionIn(metadata)) return metadata
  const value = looseValue(metadata ?? '')
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return JSON.stringify({ ...(isObject ? value : {}), description })
}

/** By name, whatever its case, and by id where names are the same. */
export function byName(one: Agent, other: Agent): number {
  return compare(one.name.toLowerCase(), other.name.toLowerCase()) || compare(one.id, other.id)
}

const compare = (one: string, other: string): number => Number(one > other) - Number(one < other)
