import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Readiness } from '../../orchestrator/system/readiness.ts'
import { AppError } from '../../shared/errors.ts'
import { routes } from '../http/paths.ts'
import { showHealth, showLiveness, showReadiness } from './schemas.ts'

const open = { needs: 'anyone', isOfThisAlone: true } as const

/** Alive while it answers, ready while it can also save. */
export const healthRoutes: FastifyPluginAsyncZod = async (app) => {
  const { orchestrator } = app
  const timestamp = () => new Date(orchestrator.now()).toISOString()

  function unhealthy(reply: FastifyReply, { reason }: { reason: string }) {
    return reply.code(503).send({ status: 'unhealthy', reason, timestamp: timestamp() })
  }

  app.get(routes.health, { config: open, schema: showHealth }, async (_request, reply) => {
    const fault = orchestrator.storageFault()
    return fault ? unhealthy(reply, fault) : { status: 'healthy' as const, timestamp: timestamp() }
  })

  app.get(routes.readiness, { config: open, schema: showReadiness }, async (_request, reply) => {
    const fault = orchestrator.storageFault()
    if (fault) return unhealthy(reply, fault)
    try {
      const readiness = presentReadiness(await orchestrator.readiness())
      return { status: 'healthy' as const, timestamp: timestamp(), ...readiness }
    } catch (error) {
      const cause = orchestrator.explain(error)
      if (!(cause instanceof AppError)) throw error
      return unhealthy(reply, { reason: cause.message })
    }
  })

  app.get(routes.liveness, { config: open, schema: showLiveness }, async () => ({
    status: 'healthy' as const,
    timestamp: timestamp(),
  }))
}

function presentReadiness({ index, monitor }: Readiness) {
  return {
    index: {
      state: index ? ('building' as const) : ('ready' as const),
      done: index?.done ?? null,
      total: index?.total ?? null,
    },
    monitor: { late: monitor.isLate, late_seconds: monitor.lateMs / 1000, overdue_checks: monitor.overdue },
  }
}
