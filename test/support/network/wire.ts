import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { onTestFinished } from 'vitest'

export type WireAnswer = { statusLine: string; headers: Map<string, string>; body: string }

/** Has an app listen, and resolves to its port. */
export async function listening(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

/** A connection over which bytes are sent as they are; several texts go out one after the other, as packets do. */
export async function openWire(port: number) {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => {
    socket.destroy()
  })
  await once(socket, 'connect')
  socket.setNoDelay()
  const closed = once(socket, 'close').then(() => Promise.reject(new Error('The connection was closed.')))
  closed.catch(() => undefined)
  let received = Buffer.alloc(0)
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes])
  })

  return {
    /** Resolves to the next answer, read to its last byte and no further. */
    async say(...packets: string[]): Promise<WireAnswer> {
      for (const packet of packets) {
        socket.write(packet)
        await new Promise((resolve) => setImmediate(resolve))
      }
      for (;;) {
        const answer = readAnswer(received)
        if (answer) {
          received = received.subarray(answer.length)
          return answer
        }
        await Promise.race([once(socket, 'data'), closed])
      }
    },
    /** Without waiting for an answer. */
    send: (packet: string) => socket.write(packet),
    end: () => socket.end(),
  }
}

function readAnswer(bytes: Buffer): (WireAnswer & { length: number }) | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const headers = new Map(
    lines.map((line) => [line.split(':')[0]!.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const length = end + 4 + Number(headers.get('content-length') ?? 0)
  return bytes.length < length
    ? undefined
    : { statusLine, headers, body: bytes.toString('utf8', end + 4, length), length }
}
