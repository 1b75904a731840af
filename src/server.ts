import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import type { Config } from './config.ts'
import { AppError } from './errors.ts'
import { createLog } from './log.ts'

/** Longer than what requests and runs in flight get. */
const closeTimeoutMs = 20_000

/** A reason why the program cannot start, as a sentence. */
export class StartError extends Error {}

/**
 * Runs the dashboard until it is told to stop: then requests in flight finish, the database is closed and the process
 * ends with 0. Resolves to the address once it listens; throws StartError.
 */
export async function serve(config: Config): Promise<string> {
  const app = await buildApp(config, { logger: await createLog(config.logLevel) }).catch((error) => {
    throw error instanceof AppError ? new StartError(error.message) : error
  })
  const letGo = trackConnections(app.server)
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await app.close()
    throw listenError(error as NodeJS.ErrnoException, config)
  }
  // Only now: a program that cannot listen must not touch the runs of the one that does.
  app.orchestrator.start()
  process.once('exit', app.orchestrator.abandon)
  closeWithGrace({ delay: closeTimeoutMs, logger: false }, async ({ err }) => {
    if (err) app.log.fatal(err)
    letGo()
    await app.close()
  })
  return addressOf(app.server.address() as AddressInfo)
}

/**
 * Browsers open connections ahead of need, and keep those they have used: each would hold up the end until it times
 * out. The function that is returned closes the former, and has the latter closed as soon as they are answered.
 */
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

function listenError({ code, message }: NodeJS.ErrnoException, { host, port }: Config): StartError {
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} is already in use, perhaps by an agent or another dashboard. Try: configurable-agents ui --port ${port < 65_535 ? port + 1 : 8000}`,
      )
    case 'EACCES':
      return new StartError(
        `Port ${port} needs more rights than this user has. Try: configurable-agents ui --port 8000`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`${host} is not an address of this machine. Try: configurable-agents ui --host 127.0.0.1`)
    default:
      return new StartError(`Cannot listen on ${host}:${port}: ${message}`)
  }
}
