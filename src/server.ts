import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { loginOf } from './config/login.ts'
import { type Config, ConfigError } from './config.ts'
import { createLog } from './log/logger.ts'
import { refuseOtherKey } from './orchestrator/cluster/same-key.ts'
import { type FirstStart, prepareAccess } from './server/first-start.ts'
import { checkPort } from './server/free-port.ts'
import { ownName } from './server/own-name.ts'
import { listenError, StartError } from './server/start-error.ts'
import { stopOnSignal } from './server/stopping.ts'
import { AppError } from './shared/errors.ts'
import { plural } from './shared/plural.ts'
import { systemClock } from './shared/time/clock.ts'
import { givenSecretKey } from './store/secret-key.ts'

export type Started = FirstStart & { address: string }

/** Runs the dashboard until it is stopped. Resolves once it listens; throws StartError. */
export async function serve(config: Config): Promise<Started> {
  refuseHalfSetLogin(config)
  // Before the database is opened: a refused start leaves no files behind.
  await checkPort(config.host, config.port).catch(async (error) => {
    throw await listenError(error, config)
  })
  const app = await buildApp(config, { logger: await createLog(config.logLevel) }).catch((error) => {
    throw error instanceof AppError ? new StartError(error.messageForAdmins) : error
  })
  const closeIdle = trackConnections(app.server)
  const first = await prepareAccess(app.orchestrator.access, config).catch(async (error) => {
    await app.close()
    throw error instanceof AppError ? new StartError(error.messageForAdmins) : error
  })
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await app.close()
    throw await listenError(error as NodeJS.ErrnoException, config)
  }
  // A program that cannot listen must not touch the runs of the one that does.
  await app.orchestrator.start()
  // Two that start at the same moment see each other only now.
  await refuseOthers(app, config).catch(async (error) => {
    await app.close()
    throw error instanceof AppError ? new StartError(error.messageForAdmins) : error
  })
  process.once('exit', app.orchestrator.abandon)
  stopOnSignal({
    waitsFor: () => runsInFlight(app.orchestrator.agentsAtWork()),
    async stop() {
      closeIdle()
      await app.close()
    },
    onCrash: (error) => app.log.fatal(error),
  })
  return { ...first, address: addressOf(app.server.address() as AddressInfo) }
}

async function refuseOthers({ orchestrator, server }: FastifyInstance, config: Config): Promise<void> {
  const { others: cluster } = orchestrator
  const key = givenSecretKey(config.secretKey).known()
  if (cluster) await refuseOtherKey({ cluster, name: ownName(server, config.port), key, clock: systemClock })
}

function refuseHalfSetLogin(config: Config): void {
  try {
    loginOf(config)
  } catch (error) {
    throw error instanceof ConfigError ? new StartError(error.message) : error
  }
}

function runsInFlight(agentIds: string[]): string | undefined {
  if (agentIds.length === 0) return undefined
  const [first, ...others] = new Set(agentIds)
  const runs = plural(agentIds.length, 'run')
  return `${runs} in flight on ${first}${others.length > 0 ? ` and ${others.length} more` : ''}, for up to 10 seconds`
}

/** Idle connections of browsers would delay the stop until they time out. The returned function closes them. */
function trackConnections(server: Server): () => void {
  const unused = new Set<Socket>()
  server.on('connection', (socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  server.on('request', ({ socket }) => unused.delete(socket))
  return () => {
    Object.assign(server, { keepAliveTimeout: 1, keepAliveTimeoutBuffer: 0 })
    for (const socket of unused) socket.destroy()
  }
}

function addressOf({ address, port, family }: AddressInfo): string {
  const isAny = address === '0.0.0.0' || address === '::'
  if (isAny || address === '127.0.0.1' || address === '::1') return `http://localhost:${port}`
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`
}
