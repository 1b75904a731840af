import type { ProtocolName } from '../../agent/protocol.ts'
import { looseValue } from '../../shared/json.ts'
import { isVisible } from '../../shared/text/visible.ts'
import type { AgentRecord } from '../../store/ports/agents.ts'
import type { AccessEdit } from '../credentials/access.ts'
import type { AgentCredential, CredentialSeal } from '../credentials/sealing.ts'
import { agentAt } from './target.ts'

export type Agent = {
  id: string
  name: string
  url: string
  protocol: ProtocolName
  host: string
  port: number
  description: string
  /** JSON text, or whatever the agent sent as that. */
  metadata: string | null
  /** Then it also beats, and expires when it stops. */
  isSelfRegistered: boolean
  registeredAt: number
  lastHeartbeatAt: number
  ttlSeconds: number
  pausedAt: number | undefined
  checkIntervalSeconds: number | undefined
  checkTimeoutSeconds: number | undefined
  credential: AgentCredential | undefined
  /** Whose certificate is accepted: of this authority (PEM), or this one, by its SHA-256. */
  ca: string | undefined
  fingerprint: string | undefined
  healthPath: string | undefined
}

export type RegisteredAgent = Agent & { isAlive: boolean }

export type AgentEdit = {
  name: string
  url: string
  description: string
  checkIntervalSeconds: number | undefined
  checkTimeoutSeconds: number | undefined
  access: AccessEdit
}

const defaultTtlSeconds = 60
export const maxIntervalSeconds = 86_400
export const maxTimeoutSeconds = 60

/** Other programs may have left anything in a record: what makes no sense is ignored. */
export function agentOf(record: AgentRecord, open: CredentialSeal['open']): Agent {
  const { registeredBy, givenDescription, credential, ...agent } = record
  return {
    ...agent,
    ...agentAt(record.url),
    name: isVisible(record.name) ? record.name : record.id,
    description: givenDescription ?? descriptionIn(record.metadata),
    isSelfRegistered: registeredBy === 'self',
    ttlSeconds: record.ttlSeconds ?? defaultTtlSeconds,
    checkIntervalSeconds: sensible(record.checkIntervalSeconds, maxIntervalSeconds),
    checkTimeoutSeconds: sensible(record.checkTimeoutSeconds, maxTimeoutSeconds),
    credential: credential && open(record.id, credential),
  }
}

const sensible = (seconds: number | undefined, max: number): number | undefined =>
  seconds !== undefined && seconds >= 1 && seconds <= max ? seconds : undefined

function descriptionIn(metadata: string | null): string {
  // Most have none, and reading what may be Python takes time.
  if (!metadata?.includes('description')) return ''
  const value = looseValue(metadata)
  const found = typeof value === 'object' && value !== null ? (value as { description?: unknown }).description : ''
  return typeof found === 'string' ? found : ''
}

export function withDescription(metadata: string | null, description: string): string | null {
  if (description === descriptionIn(metadata)) return metadata
  const value = looseValue(metadata ?? '')
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return JSON.stringify({ ...(isObject ? value : {}), description })
}

export function byName(one: Agent, other: Agent): number {
  return (
    compare(one.name, other.name) || compare(one.id, other.id) || Number(one.id > other.id) - Number(one.id < other.id)
  )
}

const { compare } = new Intl.Collator('en', { numeric: true, sensitivity: 'accent' })
