import { dashboardActor } from '../../shared/actor.ts'
import { AppError, NotFoundError } from '../../shared/errors.ts'
import type { BulkRecord } from '../../store/ports/bulk.ts'
import type { RunStore } from '../../store/ports/runs.ts'
import type { Registry } from '../registry/registry.ts'
import type { Executions, RunRequest } from '../runs/engine.ts'
import { objection, runGone } from './rules.ts'
import type { Candidate } from './targets.ts'

export type Act = (via: Pick<RunStore, 'accept' | 'change'>) => Promise<unknown>

export type IntentDeps = {
  registry: Registry
  executions: Pick<Executions, 'accept' | 'cancel' | 'isActive'>
  repeat: (id: string, key: RunRequest['key']) => Promise<RunRequest>
  onAccepted: (runId: string) => void
}

export type IntentOf = (action: BulkRecord, candidate: Candidate) => Promise<Act | string>

export function createBulkIntents({ registry, executions, repeat, onAccepted }: IntentDeps): IntentOf {
  return async function intentOf({ id: bulkId, action, startedBy }, { id, run }) {
    const reason = objection(action, run, registry)
    if (reason !== undefined) return reason
    const by = startedBy ?? dashboardActor
    if (action === 'cancel') return (via) => executions.cancel(id, by, via)
    try {
      const request = await repeat(id, { scope: 'api', value: `bulk:${bulkId}:${id}` })
      return async (via) => onAccepted((await executions.accept(request, by, via)).runId)
    } catch (error) {
      if (error instanceof AppError) return reasonIn(error)
      throw error
    }
  }
}

export function reasonIn(error: AppError): string {
  return error instanceof NotFoundError ? runGone : error.message
}
