import { randomBytes, randomUUID } from 'node:crypto'
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
import { refuseOtherKey } from './orchestrator/cluster/same-key.ts'
import { createEventStream } from './orchestrator/events.ts'
import { createOrchestrator } from './orchestrator/orchestrator.ts'
import type { Orchestrator } from './orchestrator/service.ts'
import { nameAt, ownName } from './server/own-name.ts'
import { type Clock, systemClock } from './shared/time/clock.ts'
import { createSignOnProvider } from './sign-on/provider.ts'
import type { Store } from './store/ports.ts'
import { givenSecretKey, openSecretKey } from './store/secret-key.ts'
import { openSqliteStore } from './store/sqlite/store.ts'
import { publishUnder } from './web/http/base-path.ts'
import { paths } from './web/http/paths.ts'
import { createClientErrorHandler } from './web/plugins/client-errors.ts'
import {
  type ConnectionLimits,
  connectionOptions,
  limitConnections,
  usualConnectionLimits,
} from './web/plugins/connections.ts'
import { readableAddress } from './web/plugins/failures.ts'
import { RequestLogController } from './web/plugins/request-log.ts'
import { schemaController } from './web/plugins/schemas.ts'
import { registerSite } from './web/site.ts'

declare module 'fastify' {
  interface FastifyInstance {
    orchestrator: Orchestrator
  }
}

export type Overrides = {
  transport?: Transport
  names?: Names
  clock?: Clock
  /** By which leases on a shared database are kept: the database counts them in real time. */
  leaseClock?: Clock
  newId?: () => string
  newRequestId?: () => string
  random?: () => number
  randomHex?: (bytes: number) => string
  /** scrypt's cost is 2 to the power of it. */
  passwordLogCost?: number
  logger?: FastifyServerOptions['loggerInstance']
  connections?: Partial<ConnectionLimits>
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
  publishUnder(publicAddressOf(config))
  const login = loginOf(config)
  const newRequestId = overrides.newRequestId ?? randomUUID
  const events = createEventStream((err, event) => app.log.error({ err, event }, 'A listener failed'))
  const store = await (overrides.openStore ?? openStore)(config.db, clock, (change, cause) =>
    events.emit(storageEvents[change], cause),
  )
  const secretKey = await openKeyOf(store, config, clock)
  await store.history.begin()
  const routes = createRoutes(overrides.names ?? createNames(createNameLookup(clock), clock))
  const connections = { ...usualConnectionLimits, ...overrides.connections }
  const app: FastifyInstance = fastify({
    // Fastify would time and log each request, which costs a fifth of a small answer.
    logger: false,
    logController: new RequestLogController(),
    childLoggerFactory() {
      return this.log
    },
    genReqId: () => newRequestId(),
    bodyLimit: maxBodyBytes,
    ...connectionOptions(connections),
    forceCloseConnections: 'idle',
    clientErrorHandler: createClientErrorHandler(clock, connections),
    rewriteUrl: readableAddress,
    ...(config.trustedProxies.length > 0 && { trustProxy: rangesOf(config.trustedProxies) }),
    schemaController,
  })
  if (overrides.logger) app.log = overrides.logger
  app.decorate(
    'orchestrator',
    createOrchestrator({
      store,
      protocols: createProtocols(overrides.transport ?? createTransport(routes), clock.now),
      probe: createProbe(routes),
      clock,
      leaseClock: overrides.leaseClock ?? clock,
      newId: overrides.newId ?? uuidv7,
      random: overrides.random ?? Math.random,
      randomHex: overrides.randomHex ?? ((bytes) => randomBytes(bytes).toString('hex')),
      secretKey,
      config,
      ownName: () => ownName(app.server, config.port),
      events,
      passwordLogCost: overrides.passwordLogCost ?? usualLogCost,
      signOnProvider: providerOf(login, clock, (error) => events.emit('failure', { error, task: 'single sign-on' })),
    }),
  )
  logEvents(events, app.log, store.explain)
  // What cannot be read now is read by the first request.
  await app.orchestrator.refreshAgents().catch((error) => app.log.error(store.explain(error), 'agents'))
  app.addHook('onClose', () => {
    publishUnder(publicAddressOf({ publicUrl: '' }))
    return app.orchestrator.close()
  })
  limitConnections(app, connections)

  await registerSite(app, { config, login, elapsed: clock.elapsed, onAnswer: overrides.onAnswer })
  return app
}

/** A program that uses a file loads nothing of PostgreSQL. */
async function openStore(...given: Parameters<typeof openSqliteStore>): Promise<Store> {
  if (!isPostgres(given[0])) return openSqliteStore(...given)
  const { openPostgresStore } = await import('./store/postgres/store.ts')
  return openPostgresStore(...given)
}

async function openKeyOf(store: Store, { secretKey, port }: Config, clock: Clock) {
  try {
    if (!store.cluster) return openSecretKey(secretKey, store.path, randomBytes)
    const given = givenSecretKey(secretKey)
    const name = nameAt(port)
    await refuseOtherKey({ cluster: store.cluster, name, key: given.known(), clock })
    return given
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
