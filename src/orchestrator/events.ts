import type { Actor } from '../shared/actor.ts'
import type { ActorRole, TokenKind } from '../shared/role.ts'

/** What happens in the dashboard, by name. Nothing here holds inputs, outputs or texts of agents but short reasons. */
export type DashboardEvents = {
  'agent-registered': { agentId: string; isUpdate: boolean; by: Actor }
  'agent-changed': { agentId: string; by: Actor } & (
    | { change: 'edited'; fields: string[] }
    | { change: 'paused' | 'resumed' }
  )
  'agent-removed': { agentId: string; name: string; by: Actor }
  'heartbeat-received': { agentId: string; by: Actor }
  'check-requested': { agentId: string | undefined; by: Actor }
  /** An agent at `url` gave a good answer to something other than a health check. */
  'agent-answered': { agentId: string; url: string }
  'agent-checked': { agentId: string; outcome: string; latencyMs: number | null }
  'agent-state-changed': { agentId: string; from: AgentState; to: AgentState; reason: string | undefined }
  /** The run is durable; the agent has not heard of it yet. `isOneOfMany`: by a bulk action. */
  'run-accepted': { runId: string; agentId: string; rerunOf: string | undefined; isOneOfMany?: true; by: Actor }
  /** By the program that carries it out. `agentId` is the name of its workflow where it has no agent. */
  'run-reported': { runId: string; agentId: string; status: string; isNew: boolean; by: Actor }
  'run-cancelled': { runId: string; agentId: string; isOneOfMany?: true; by: Actor }
  'run-ended': EndedRun
  'bulk-action-begun': { bulkId: string; action: string; runs: number | undefined; by: Actor }
  'bulk-action-ended': {
    bulkId: string
    action: string
    state: string
    done: number
    leftOut: number
    failed: number
    reason: string | undefined
    /** Who began it, where `by` may be who stopped it. */
    startedBy: Actor | null
    by: Actor
  }
  'bulk-action-closed': { bulkId: string; by: Actor }
  'view-changed': {
    viewId: string
    name: string
    change: 'saved' | 'renamed' | 'shared' | 'unshared' | 'removed'
    by: Actor
  }
  'user-changed': {
    userId: string
    name: string
    role: ActorRole
    agents: readonly string[] | null
    change: 'added' | 'changed' | 'removed' | 'new-password'
    by: Actor
  }
  'logged-in': { address: string; by: Actor }
  'token-changed': {
    tokenId: string
    name: string
    kind: TokenKind
    role: ActorRole
    agents: readonly string[] | null
    change: 'created' | 'removed'
    by: Actor
  }
  /** `user` is undefined where nobody has the name. */
  'login-refused': { name: string; user: { id: string; name: string } | undefined; address: string }
  'logged-out': { by: Actor }
  'session-ended': { sessionId: string; user: { id: string; name: string } | undefined; by: Actor }
  'backup-begun': { by: Actor }
  'backup-downloaded': { name: string; by: Actor }
  'audit-exported': { format: string; filter: Record<string, string>; by: Actor }
  /** Others do without this dashboard, and may have taken up its runs. */
  'lease-lost': Record<string, never>
  /** Of a dashboard that is gone. */
  'runs-taken-up': { runs: number }
  /** All rows that were there before this program have been read into the history. */
  'history-read': Record<string, never>
  'storage-fault-begun': StorageCause
  'storage-fault-ended': StorageCause
  /** A fault that is met again and again while reading is announced once a minute. */
  'storage-fault-met': StorageCause
  /** No fault, but something to look into. */
  'storage-warning': StorageCause
  /** Something failed that no request waits for. */
  failure: { error: unknown; task: string; runId?: string }
}

export type EndedRun = {
  runId: string
  agentId: string
  status: string
  durationSeconds: number | null
  totalTokens: number | null
  totalCostUsd: number | null
  /** Of a reported run; every other one ended just now. */
  endedAt?: number
}

type AgentState = 'unknown' | 'healthy' | 'degraded' | 'down'
type StorageCause = { kind: string; reasonForAdmins: string }

export type EventName = keyof DashboardEvents
type Listener<Name extends EventName> = (event: DashboardEvents[Name]) => void

export type EventStream = {
  /** Calls every listener before it returns. */
  emit<Name extends EventName>(name: Name, event: DashboardEvents[Name]): void
  /** The returned function ends the listening. */
  on<Name extends EventName>(name: Name, listener: Listener<Name>): () => void
}

/** A listener that throws harms neither the speaker nor other listeners: `onListenerError` hears of it. */
export function createEventStream(onListenerError: (error: unknown, name: EventName) => void): EventStream {
  const listeners = new Map<EventName, Set<Listener<EventName>>>()
  return {
    emit(name, event) {
      for (const listener of listeners.get(name) ?? []) {
        try {
          listener(event)
        } catch (error) {
          onListenerError(error, name)
        }
      }
    },
    on(name, listener) {
      const others = listeners.get(name) ?? new Set()
      // Each event is emitted to the listeners of its own name alone.
      listeners.set(name, others.add(listener as Listener<EventName>))
      return () => others.delete(listener as Listener<EventName>)
    },
  }
}
