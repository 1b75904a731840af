import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'

export type RoundRobin = { port: number; close(): void }

/** Gives each request to the next of the ports; where nobody listens, to the one after it. */
export async function startRoundRobin(port: number, targets: number[]): Promise<RoundRobin> {
  let next = 0

  function pass(asked: IncomingMessage, answer: ServerResponse, tries = targets.length): void {
    const { method, url, headers } = asked
    const target = {
      host: '127.0.0.1',
      port: targets[next++ % targets.length]!,
      method,
      path: url,
      headers,
      agent: false,
    }
    const passed = request(target, (answered) => {
      answer.writeHead(answered.statusCode!, answered.headers)
      pipeline(answered, answer, () => {})
    })
    passed.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' && tries > 1) return pass(asked, answer, tries - 1)
      if (answer.headersSent) answer.destroy()
      else answer.writeHead(502, { 'content-type': 'text/plain' }).end('No dashboard answers.')
    })
    // The body is taken only by a dashboard that listens: another may have to be asked first.
    passed.once('socket', (socket) => socket.once('connect', () => asked.pipe(passed)))
    answer.once('close', () => passed.destroy())
  }

  const server = createServer((asked, answer) => pass(asked, answer)).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
