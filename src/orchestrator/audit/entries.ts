import { type Actor, nobody } from '../../shared/actor.ts'
import type { AuditAction } from '../../shared/audit/actions.ts'
import type { AuditEntry } from '../../store/ports/audit.ts'
import type { DashboardEvents, EventName } from '../events.ts'

type What = {
  action: AuditAction
  by: Actor
  subject?: { kind: string; id: string; name?: string | undefined } | undefined
  agentId?: string | undefined
  details?: Record<string, string | number | boolean | undefined>
}
type Recorded = { [Name in EventName]?: (event: DashboardEvents[Name]) => What | undefined }

const maxNameLength = 256

/** Not recorded is what agents and programs tell of themselves: heartbeats, and reports of runs, as the run itself says
 * who reported it. A bulk action is one entry, not one for each of its runs. */
export function recordedEvents(nameOfAgent: (id: string) => string | undefined): Recorded {
  const ofAgent = (action: AuditAction, agentId: string, by: Actor, name = nameOfAgent(agentId)): What => ({
    ...{ action, by, agentId },
    subject: { kind: 'agent', id: agentId, name },
  })
  const ofRun = (action: AuditAction, { runId, agentId, by }: { runId: string; agentId: string; by: Actor }): What => ({
    ...{ action, by, agentId },
    subject: { kind: 'run', id: runId },
  })

  return {
    'logged-in': ({ by, address }) => ({ action: 'session.login', by: { ...by, address } }),
    // What was typed may be a password: only a name that somebody has is kept.
    'login-refused': ({ user, address }) => ({
      action: 'session.refuse',
      by: { ...nobody, address },
      subject: user && { kind: 'user', ...user },
    }),
    'logged-out': ({ by }) => ({ action: 'session.logout', by }),
    'session-ended': ({ by, sessionId, user }) => ({
      action: 'session.end',
      by,
      subject: { kind: 'session', id: sessionId, name: user?.name },
    }),
    'user-changed': ({ userId, name, role, agents, change, by }) => ({
      ...{ action: userActions[change], by },
      subject: { kind: 'user', id: userId, name },
      details: change === 'added' || change === 'changed' ? { role, ...seen(agents) } : {},
    }),
    'token-changed': ({ tokenId, name, kind, role, agents, change, by }) => ({
      ...{ action: tokenActions[change], by },
      subject: { kind: 'token', id: tokenId, name },
      details: { kind, role: kind === 'api' ? role : undefined, ...(change === 'created' && seen(agents)) },
    }),
    'agent-registered': ({ agentId, isUpdate, by }) =>
      ofAgent(isUpdate ? 'agent.update' : 'agent.register', agentId, by),
    'agent-changed': ({ agentId, by, ...changed }) => ({
      ...ofAgent(agentActions[changed.change], agentId, by),
      details: { fields: changed.change === 'edited' ? changed.fields.join(', ') : undefined },
    }),
    'agent-removed': ({ agentId, name, by }) => ofAgent('agent.remove', agentId, by, name),
    'check-requested': ({ agentId, by }) =>
      agentId === undefined ? { action: 'agent.check', by } : ofAgent('agent.check', agentId, by),
    'run-accepted': ({ isOneOfMany, rerunOf, ...run }) =>
      isOneOfMany
        ? undefined
        : { ...ofRun(rerunOf === undefined ? 'run.execute' : 'run.rerun', run), details: { rerun_of: rerunOf } },
    'run-cancelled': ({ isOneOfMany, ...run }) => (isOneOfMany ? undefined : ofRun('run.cancel', run)),
    'bulk-action-begun': ({ bulkId, action, runs, by }) => ({
      ...{ action: 'bulk.begin', by, details: { action, runs } },
      subject: { kind: 'bulk action', id: bulkId },
    }),
    'bulk-action-ended': ({ bulkId, by, startedBy, action, state, done, leftOut, failed, reason }) => ({
      ...{
        action: 'bulk.end',
        by,
        details: {
          action,
          state,
          done,
          left_out: leftOut,
          failed,
          reason,
          started_by: startedBy?.id === by.id ? undefined : startedBy?.name,
        },
      },
      subject: { kind: 'bulk action', id: bulkId },
    }),
    'view-changed': ({ viewId, name, change, by }) => ({
      action: viewActions[change],
      by,
      subject: { kind: 'view', id: viewId, name },
    }),
    'backup-begun': ({ by }) => ({ action: 'backup.make', by }),
    'backup-downloaded': ({ name, by }) => ({ action: 'backup.download', by, details: { file: name } }),
    'audit-exported': ({ format, filter, by }) => ({ action: 'audit.export', by, details: { format, ...filter } }),
  }
}

/** Which agents somebody may see from now on: a list is as much of a right as a role. */
function seen(agents: readonly string[] | null) {
  if (agents === null) return { sees: 'all' }
  const named = agents.join(', ')
  return { sees: 'some', agents: named.length <= maxNameLength ? named : `${short(named)}… (${agents.length} in all)` }
}

const userActions = {
  added: 'user.add',
  changed: 'user.change',
  removed: 'user.remove',
  'new-password': 'user.password',
} as const
const tokenActions = { created: 'token.add', removed: 'token.remove' } as const
const agentActions = { edited: 'agent.edit', paused: 'agent.pause', resumed: 'agent.resume' } as const
const viewActions = {
  saved: 'view.save',
  renamed: 'view.rename',
  shared: 'view.share',
  unshared: 'view.unshare',
  removed: 'view.remove',
} as const

export function entryOf({ action, by, subject, agentId, details = {} }: What, at: number): AuditEntry {
  const known = Object.entries(details).filter(
    (one): one is [string, string | number | boolean] => one[1] !== undefined,
  )
  return {
    ...{ at, action, agentId: agentId ?? null, address: by.address ?? null },
    ...{ actorId: by.id, actorName: short(by.name), actorRole: by.role },
    subjectKind: subject?.kind ?? null,
    subjectId: subject?.id ?? null,
    subjectName: subject?.name === undefined ? null : short(subject.name),
    details: known.length === 0 ? null : Object.fromEntries(known),
  }
}

const short = (text: string) => text.slice(0, maxNameLength)
