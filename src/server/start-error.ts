import { resolve } from 'node:path'
import { isPostgres } from '../config/database.ts'
import type { Config } from '../config.ts'
import { commandAgain } from '../shared/command-line.ts'
import { isInUse } from '../store/sqlite/file/lock.ts'
import { freePortAfter } from './free-port.ts'

export class StartError extends Error {}

export async function listenError({ code, message }: NodeJS.ErrnoException, config: Config): Promise<StartError> {
  const { host, port } = config
  switch (code) {
    case 'EADDRINUSE':
      if (!isPostgres(config.db) && isInUse(resolve(config.db))) {
        return new StartError(
          `A dashboard is already running on ${config.db}, and port ${port} is in use: is it http://localhost:${port}? A second one needs a --db and a --port of its own.`,
        )
      }
      return new StartError(
        `Port ${port} is already in use, perhaps by an agent or another dashboard. Try: ${commandAgain('--port', String(await freePortAfter(host, port)))}`,
      )
    case 'EACCES':
      return new StartError(
        `Port ${port} needs more rights than this user has. Try: ${commandAgain('--port', String(await freePortAfter(host, 1024)))}`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`${host} is not an address of this machine. Try: ${commandAgain('--host', '127.0.0.1')}`)
    default:
      return new StartError(`Cannot listen on ${host}:${port}: ${message}`)
  }
}
