import type { FastifyInstance, onSendAsyncHookHandler } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Login } from '../config/login.ts'
import type { Config } from '../config.ts'
import type { Clock } from '../shared/time/clock.ts'
import { accountRoutes } from './access/account-routes.ts'
import { loginRoutes } from './access/login-routes.ts'
import { tokenRoutes } from './access/token-routes.ts'
import { userActionRoutes } from './access/user-action-routes.ts'
import { userRoutes } from './access/user-routes.ts'
import { whoAmIRoute } from './access/who-am-i-route.ts'
import { agentsRegion } from './agents/board/region.ts'
import { agentRoutes } from './agents/routes.ts'
import { apiDocument } from './api/declared.ts'
import { apiRoutes } from './api/routes.ts'
import { auditRoutes } from './audit/routes.ts'
import { bulkRoutes } from './bulk/routes.ts'
import { compareRoutes } from './compare/routes.ts'
import { doctorRoutes } from './doctor/routes.ts'
import { executeRoutes } from './forms/routes.ts'
import { runChartRoutes } from './history/chart-routes.ts'
import { runExportRoutes } from './history/export-routes.ts'
import { runListRoutes } from './history/routes.ts'
import { savedViewRoutes } from './history/saved-views/routes.ts'
import { addRoutes } from './http/add-routes.ts'
import { ingestRoutes } from './ingest/routes.ts'
import { metricsRoutes } from './metrics/routes.ts'
import { runNodeRoutes } from './nodes/routes.ts'
import { overviewRoutes } from './overview/routes.ts'
import { paletteRoutes } from './palette/routes.ts'
import { actors } from './plugins/actor.ts'
import { agentsDown } from './plugins/agents-down.ts'
import { assets } from './plugins/assets.ts'
import { bodies } from './plugins/bodies.ts'
import { stopping } from './plugins/connections.ts'
import { failures } from './plugins/failures.ts'
import { freshAgents } from './plugins/fresh-agents.ts'
import { guard } from './plugins/guard.ts'
import { locals } from './plugins/locals.ts'
import { otherDashboards } from './plugins/other-dashboards.ts'
import { repeats } from './plugins/repeats.ts'
import { requestLog } from './plugins/request-log.ts'
import { declaredRoutes } from './plugins/schemas.ts'
import { sharedPages } from './plugins/shared-pages.ts'
import { storageFault } from './plugins/storage-fault.ts'
import { strictQueries } from './plugins/strict-queries.ts'
import { unchanged } from './plugins/unchanged.ts'
import { views } from './plugins/views.ts'
import { zones } from './plugins/zone.ts'
import { registryRoutes } from './registry/routes.ts'
import { runRoutes } from './runs/routes.ts'
import { healthRoutes } from './system/health-routes.ts'
import { systemRoutes } from './system/routes.ts'

type Options = {
  config: Config
  login: Login
  elapsed: Clock['elapsed']
  onAnswer?: onSendAsyncHookHandler | undefined
}

/** All that answers requests, in the order in which they pass it. */
export async function registerSite(app: FastifyInstance, { config, login, elapsed, onAnswer }: Options): Promise<void> {
  await app.register(declaredRoutes)
  await app.register(requestLog, { elapsed })
  await app.register(repeats)
  await app.register(failures)
  await app.register(guard, config)
  await app.register(otherDashboards)
  await app.register(actors, { ...config, ...login })
  await app.register(stopping)
  await app.register(storageFault)
  await app.register(bodies, { maxBytes: app.initialConfig.bodyLimit! })
  await app.register(strictQueries)
  if (onAnswer) app.addHook('onSend', onAnswer)
  await app.register(apiDocument, config)
  await app.register(zones)
  await app.register(locals, config)
  await app.register(assets)
  await app.register(views)
  await app.register(agentsRegion)
  await app.register(loginRoutes, config)
  await app.register(accountRoutes)
  await app.register(pages)
  const typed = app.withTypeProvider<ZodTypeProvider>()
  await addRoutes(app, [whoAmIRoute, userRoutes, userActionRoutes, healthRoutes, metricsRoutes])
  await tokenRoutes(typed, config)
  await auditRoutes(typed, config)
  await systemRoutes(typed, { config })
  await apiRoutes(typed, config)
}

async function pages(app: FastifyInstance): Promise<void> {
  await app.register(unchanged)
  await app.register(freshAgents)
  await app.register(agentsDown)
  await app.register(sharedPages)
  await app.register(registryRoutes)
  await addRoutes(app, [
    overviewRoutes,
    agentRoutes,
    doctorRoutes,
    executeRoutes,
    runListRoutes,
    runChartRoutes,
    runRoutes,
    ingestRoutes,
    bulkRoutes,
    runExportRoutes,
    savedViewRoutes,
    runNodeRoutes,
    compareRoutes,
    paletteRoutes,
  ])
}
