import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { AgentFailure, failureOf } from './failure.ts'

export type Probe = typeof probe

/**
 * What can be found out about a place before anything is said to an agent there. `host` is a name or an IP address
 * without brackets; each one ends within `deadlineMs`. They throw AgentFailure.
 */
export const probe = {
  /** The addresses of a host; an address is its own. */
  async lookUp(host: string, deadlineMs: number): Promise<string[]> {
    if (isIP(host) !== 0) return [host]
    try {
      const found = await within(deadlineMs, lookup(host, { all: true }))
      return found.map(({ address }) => address)
    } catch (error) {
      const failure = failureOf(error, true)
      throw failure.kind === 'name' ? failure : new AgentFailure('name', 'the host name could not be looked up', true)
    }
  },

  /** Connects and leaves again without a word. */
  async openPort(host: string, port: number, deadlineMs: number): Promise<void> {
    await opened(connect({ host, port }), 'connect', deadlineMs)
  },

  /** Whether a TLS handshake works there, whatever the certificate says. */
  async speaksTls(host: string, port: number, deadlineMs: number): Promise<boolean> {
    const socket = connectTls({ host, port, rejectUnauthorized: false, ...(isIP(host) === 0 && { servername: host }) })
    return opened(socket, 'secureConnect', deadlineMs).then(
      () => true,
      () => false,
    )
  },
}

/** A lookup cannot be called off: it goes on, and nobody waits for it any more. */
function within<T>(deadlineMs: number, promise: Promise<T>): Promise<T> {
  const deadline = AbortSignal.timeout(Math.ceil(deadlineMs))
  return new Promise((resolve, reject) => {
    deadline.addEventListener('abort', () => reject(deadline.reason))
    promise.then(resolve, reject)
  })
}

async function opened(socket: Socket, event: string, deadlineMs: number): Promise<void> {
  const deadline = AbortSignal.timeout(Math.ceil(deadlineMs))
  // What still goes wrong after the waiting has ended.
  socket.on('error', () => undefined)
  try {
    await once(socket, event, { signal: deadline })
  } catch (error) {
    throw deadline.aborted ? new AgentFailure('timeout', 'no connection in time', true) : failureOf(error, true)
  } finally {
    socket.destroy()
  }
}
