import type { AddressInfo } from 'node:net'
import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import type { Config } from './config.ts'
import { AppError } from './errors.ts'
import { createLog } from './log.ts'

/** Longer than what runs in flight get. */
const closeTimeoutMs = 15_000

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
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await app.close()
    throw listenError(error as NodeJS.ErrnoException, config)
  }
  // Only now: a program that cannot listen must not touch the runs of the one that does.
  app.orchestrator.start()
  closeWithGrace({ delay: closeTimeoutMs, logger: false }, async ({ err }) => {
    if (err) app.log.fatal(err)
    await app.close()
  })
  return addressOf(app.server.address() as AddressInfo)
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
        `Port ${port} is already in use, perhaps by an agent or another dashboard. Try: configurable-agents ui --port ${port + 1}`,
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
