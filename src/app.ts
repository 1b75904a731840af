import { randomBytes, randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { type FastifyInstance, type FastifyServerOptions, fastify, type onSendAsyncHookHandler } from 'fastify'
import { v7 as uuidv7 } from 'uuid'
import { createNameLookup } from './agent/http/names/lookup.ts'
import { createNames, type Names } from './agent/http/names/names.ts'
import { createRoutes } from './agent/http/names/routes.ts'
import { createProbe } from './agent/http/probe.ts'
import { createTransport, type Transport } from './agent/http/transport.ts'
import { createProtocols } from './agent/protocols.ts'
import { rangesOf } from './config/address-ranges.ts'
import { isPostgres } from './config/database.ts'
import { type Login, loginOf } from './config/login.ts'
import { publicAddressOf } from './config/public-url.ts'
import type { Config } from './config.ts'
import { logEvents } from './log/events.ts'
import { usualLogCost } from './orchestrator/access/passwords.ts'
import { createEventStream } from './orchestrator/events.ts'
import { createOrchestrator } from './orchestrator/orchestrator.ts'
import type { Orchestrator } from './orchestrator/service.ts'
import { type Clock, systemClock } from './shared/time/clock.ts'
import { createSignOnProvider } from './sign-on/provider.ts'
import type { Store } from './store/ports.ts'
import { givenSecretKey, openSecretKey } from './store/secret-key.ts'
import { openSqliteStore } from './store/sqlite/store.ts'
import { accountRoutes } from './web/access/account-routes.ts'
import { loginRoutes } from './web/access/login-routes.ts'
import { tokenRoutes } from './web/access/token-routes.ts'
import { userRoutes } from './web/access/user-routes.ts'
import { agentsRegion } from './web/agents/board/region.ts'
import { agentRoutes } from './web/agents/routes.ts'
import { apiDocument } from './web/api/document.ts'
import { apiRoutes } from './web/api/routes.ts'
import { auditRoutes } from './web/audit/routes.ts'
import { bulkRoutes } from './web/bulk/routes.ts'
import { compareRoutes } from './web/compare/routes.ts'
import { doctorRoutes } from './web/doctor/routes.ts'
import { executeRoutes } from './web/forms/routes.ts'
import { runChartRoutes } from './web/history/chart-routes.ts'
import { runExportRoutes } from './web/history/export-routes.ts'
import { runListRoutes } from './web/history/routes.ts'
import { savedViewRoutes } from './web/history/saved-views/routes.ts'
import { publishUnder } from './web/http/base-path.ts'
import { paths } from './web/http/paths.ts'
import { ingestRoutes } from './web/ingest/routes.ts'
import { metricsRoutes } from './web/metrics/routes.ts'
import { runNodeRoutes } from './web/nodes/routes.ts'
import { overviewRoutes } from './web/overview/routes.ts'
import { paletteRoutes } from './web/palette/routes.ts'
import { actors } from './web/plugins/actor.ts'
import { agentsDown } from './web/plugins/agents-down.ts'
import { assets } from './web/plugins/assets.ts'
import { bodies } from './web/plugins/bodies.ts'
import { createClientErrorHandler } from './web/plugins/client-errors.ts'
import {
  type ConnectionLimits,
  connectionOptions,
  limitConnections,
  usualConnectionLimits,
} from './web/plugins/connections.ts'
import { failures, readableAddress } from './web/plugins/failures.ts'
import { freshAgents } from './web/plugins/fresh-agents.ts'
import { guard } from './web/plugins/guard.ts'
import { locals } from './web/plugins/locals.ts'
import { RequestLogController, requestLog } from './web/plugins/request-log.ts'
import { declaredRoutes, schemaController } from './web/plugins/schemas.ts'
import { sharedPages } from './web/plugins/shared-pages.ts'
import { storageFault } from './web/plugins/storage-fault.ts'
import { strictQueries } from './web/plugins/strict-queries.ts'
import { views } from './web/plugins/views.ts'
import { zones } from './web/plugins/zone.ts'
import { registryRoutes } from './web/registry/routes.ts'
import { runRoutes } from './web/runs/routes.ts'
import { healthRoutes } from './web/system/health-routes.ts'
import { systemRoutes } from './web/system/routes.ts'

declare module 'fastify' {
  interface FastifyInstance {
    orchestrator: Orchestrator
  }
}

export type Overrides = {
  transport?: Transport
  names?: Names
  clock?: Clock
  newId?: () => string
  newRequestId?: () => string
  random?: () => number
  randomHex?: (bytes: number) => string
  /** scrypt's cost is 2 to the power of it. */
  passwordLogCost?: number
  logger?: FastifyServerOptions['loggerInstance']
  connections?: Partial<ConnectionLimits>
  /** Sees every answer before it is sent. */
  onAnswer?: onSendAsyncHookHandler
  openStore?: (...given: Parameters<typeof openSqliteStore>) => Store | Promise<Store>
}

const storageEvents = {
  begun: 'storage-fault-begun',
  ended: 'storage-fault-ended',
  met: 'storage-fault-met',
  warned: 'storage-warning',
} as const

const maxBodyBytes = 8 * 1024 * 1024

/** Everything but the socket. Background work begins with `orchestrator.start()`. Throws StoreOpenError. */
export async function buildApp(config: Config, overrides: Overrides = {}): Promise<FastifyInstance> {
  const clock = overrides.clock ?? systemClock
  publishUnder(publicAddressOf(config).basePath)
  const login = loginOf(config)
  const newRequestId = overrides.newRequestId ?? randomUUID
  const events = createEventStream((err, event) => app.log.error({ err, event }, 'A listener failed'))
  const store = await (overrides.openStore ?? openStore)(config.db, clock, (change, cause) =>
    events.emit(storageEvents[change], cause),
  )
  const secretKey = await openKeyOf(store, config)
  await store.history.begin()
  const routes = createRoutes(overrides.names ?? createNames(createNameLookup(clock), clock))
  const connections = { ...usualConnectionLimits, ...overrides.connections }
  const app: FastifyInstance = fastify({
    ...(overrides.logger ? { loggerInstance: overrides.logger } : { logger: false }),
    logController: new RequestLogController(),
    genReqId: () => newRequestId(),
    bodyLimit: maxBodyBytes,
    ...connectionOptions(connections),
    forceCloseConnections: 'idle',
    clientErrorHandler: createClientErrorHandler(clock, connections),
    rewriteUrl: readableAddress,
    ...(config.trustedProxies.length > 0 && { trustProxy: rangesOf(config.trustedProxies) }),
    schemaController,
  })
  app.decorate(
    'orchestrator',
    createOrchestrator({
      store,
      protocols: createProtocols(overrides.transport ?? createTransport(routes), clock.now),
      probe: createProbe(routes),
      clock,
      newId: overrides.newId ?? uuidv7,
      random: overrides.random ?? Math.random,
      randomHex: overrides.randomHex ?? ((bytes) => randomBytes(bytes).toString('hex')),
      secretKey,
      config,
      hostName: hostname(),
      events,
      passwordLogCost: overrides.passwordLogCost ?? usualLogCost,
      signOnProvider: providerOf(login, clock, (error) => events.emit('failure', { error, task: 'single sign-on' })),
    }),
  )
  logEvents(events, app.log, store.explain)
  // What cannot be read now is read by the first request.
  await app.orchestrator.refreshAgents().catch((error) => app.log.error(store.explain(error), 'agents'))
  app.addHook('onClose', () => {
    publishUnder('')
    return app.orchestrator.close()
  })
  limitConnections(app, connections)

  await app.register(declaredRoutes)
  await app.register(requestLog)
  await app.register(failures)
  await app.register(guard, config)
  await app.register(actors, { ...config, ...login })
  await app.register(storageFault)
  await app.register(bodies, { maxBytes: maxBodyBytes })
  await app.register(strictQueries)
  if (overrides.onAnswer) app.addHook('onSend', overrides.onAnswer)
  await app.register(apiDocument, config)
  await app.register(zones)
  await app.register(locals, config)
  await app.register(assets)
  await app.register(views)
  await app.register(agentsRegion)
  await app.register(loginRoutes, config)
  await app.register(userRoutes)
  await app.register(accountRoutes)
  await app.register(pages)
  await app.register(tokenRoutes, config)
  await app.register(auditRoutes, config)
  await app.register(systemRoutes, { config })
  await app.register(healthRoutes)
  await app.register(metricsRoutes)
  await app.register(apiRoutes, config)
  return app
}

/** A program that uses a file loads nothing of PostgreSQL. */
async function openStore(...given: Parameters<typeof openSqliteStore>): Promise<Store> {
  if (!isPostgres(given[0])) return openSqliteStore(...given)
  const { openPostgresStore } = await import('./store/postgres/store.ts')
  return openPostgresStore(...given)
}

async function openKeyOf(store: Store, { db, secretKey }: Config) {
  try {
    return isPostgres(db) ? givenSecretKey(secretKey) : openSecretKey(secretKey, store.path, randomBytes)
  } catch (error) {
    await store.close()
    throw error
  }
}

function providerOf({ singleSignOn }: Login, clock: Clock, onError: (error: unknown) => void) {
  if (!singleSignOn) return undefined
  const redirectUri = () => singleSignOn.origin + paths.signOnCallback()
  return createSignOnProvider({ settings: singleSignOn, redirectUri, clock, onError })
}

async function pages(app: FastifyInstance): Promise<void> {
  await app.register(freshAgents)
  await app.register(agentsDown)
  await app.register(sharedPages)
  await app.register(overviewRoutes)
  await app.register(agentRoutes)
  await app.register(registryRoutes)
  await app.register(doctorRoutes)
  await app.register(executeRoutes)
  await app.register(runListRoutes)
  await app.register(runChartRoutes)
  await app.register(runRoutes)
  await app.register(ingestRoutes)
  await app.register(bulkRoutes)
  await app.register(runExportRoutes)
  await app.register(savedViewRoutes)
  await app.register(runNodeRoutes)
  await app.register(compareRoutes)
  await app.register(paletteRoutes)
}
