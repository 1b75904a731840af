import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'

/** What was typed for the numbers that `defaults` names, and `--host`. Ends the program on anything it can't use. */
export function readArguments<Name extends string>(
  defaults: Record<Name, number>,
): Record<Name, number> & { host: string } {
  const names = Object.keys(defaults) as Name[]
  const options = Object.fromEntries(['host', ...names].map((name) => [name, { type: 'string' as const }]))
  try {
    const { host = '127.0.0.1', ...typed } = parseArgs({ options }).values
    const numbers = names.map((name) => [name, readNumber(name, typed[name] ?? defaults[name])] as const)
    return { ...(Object.fromEntries(numbers) as Record<Name, number>), host: String(host) }
  } catch (error) {
    console.error((error as Error).message)
    process.exit(1)
  }
}

function readNumber(name: string, typed: unknown): number {
  const number = Number(typed)
  const isPort = name === 'port'
  if (typed !== '' && number >= 0 && (!isPort || (Number.isInteger(number) && number <= 65_535))) return number
  throw new Error(`--${name} must be ${isPort ? 'a port, 0 to 65535' : 'a number that is not negative'}.`)
}

/** Listens, says where in one line, and ends on SIGINT and SIGTERM. */
export function startAgent(name: string, server: Server, { host, port }: { host: string; port: number }): void {
  server.once('error', (error: NodeJS.ErrnoException) => {
    console.error(
      error.code === 'EADDRINUSE'
        ? `${name} cannot start: port ${port} on ${host} is already taken. Stop the program that uses it, then try again.`
        : `${name} cannot listen on ${host}, port ${port}: ${error.message}.`,
    )
    process.exitCode = 1
  })
  server.listen(port, host, () => {
    const address = server.address() as AddressInfo
    console.log(`${name} listens on http://${host.includes(':') ? `[${host}]` : host}:${address.port}`)
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0))
}
