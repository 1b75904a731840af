import type { FastifyBaseLogger } from 'fastify'
import type { EventStream } from '../orchestrator/events.ts'
import { StorageFaultError } from '../shared/errors.ts'

/** Has the log listen. `explain` gives what the store has to say of an error. */
export function logEvents(events: EventStream, log: FastifyBaseLogger, explain: (error: unknown) => unknown): void {
  events.on('failure', ({ error, task, ...subject }) => {
    const err = explain(error)
    // The store has announced that itself, once.
    if (!(err instanceof StorageFaultError)) log.error({ err, task, ...subject }, `Failed in the background: ${task}`)
  })
  events.on('storage-fault-begun', ({ kind, reasonForAdmins }) => log.error({ fault: kind }, reasonForAdmins))
  events.on('storage-fault-met', ({ kind, reasonForAdmins }) => log.error({ fault: kind }, reasonForAdmins))
  events.on('storage-fault-ended', ({ kind }) => log.warn({ fault: kind }, 'The database can be written again.'))
  events.on('storage-warning', ({ kind, reasonForAdmins }) => log.warn({ warning: kind }, reasonForAdmins))

  events.on('agent-state-changed', ({ agentId, from, to, reason }) => {
    if (to === 'down') log.info({ agentId, reason }, 'Agent down')
    // What a start, or a pause, has made unknown has not come back.
    else if (from === 'down' && to !== 'unknown') log.info({ agentId, state: to }, 'Agent up')
    else if (to === 'degraded') log.info({ agentId, reason }, 'Agent degraded')
    else if (from === 'degraded' && to === 'healthy') log.info({ agentId }, 'Agent healthy')
  })
  events.on('agent-registered', (agent) => log.info(agent, 'Agent registered'))
  events.on('agent-changed', (agent) => log.info(agent, 'Agent changed'))
  events.on('agent-removed', (agent) => log.info(agent, 'Agent removed'))
  events.on('check-requested', (check) => log.debug(check, 'Check requested'))
  events.on('run-accepted', (run) => log.debug(run, 'Run accepted'))
  events.on('run-reported', (run) => log.debug(run, 'Run reported'))
  events.on('run-cancelled', (run) => log.info(run, 'Run cancelled'))
  events.on('run-ended', ({ endedAt: _, ...run }) => log.info(run, 'Run ended'))
  events.on('bulk-action-begun', (action) => log.info(action, 'Bulk action begun'))
  events.on('bulk-action-ended', (action) => log.info(action, 'Bulk action ended'))
  events.on('view-changed', (view) => log.info(view, 'View changed'))
  events.on('token-changed', (token) => log.info(token, 'Token changed'))
  events.on('audit-exported', (trail) => log.info(trail, 'Audit trail exported'))
  events.on('lease-lost', () => log.warn('This dashboard was silent for too long: others take up its runs'))
  events.on('runs-taken-up', (taken) => log.info(taken, 'Took up runs of a dashboard that is gone'))
  events.on('backup-begun', (backup) => log.info(backup, 'Backup begun'))
}
