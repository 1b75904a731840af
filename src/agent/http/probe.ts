import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { AgentFailure, failureOf } from './failure.ts'
import { lookupOf, type Routes } from './names/routes.ts'

/** Tests an endpoint without an exchange. `host` has no brackets. They throw AgentFailure. */
export type Probe = {
  lookUp(host: string, deadlineMs: number): Promise<string[]>
  openPort(host: string, port: number, deadlineMs: number): Promise<void>
  speaksTls(host: string, port: number, deadlineMs: number): Promise<boolean>
}

export function createProbe(routes: Routes): Probe {
  const within = (deadlineMs: number) => AbortSignal.timeout(Math.ceil(deadlineMs))

  return {
    async lookUp(host, deadlineMs) {
      const addresses = await routes.to(host, within(deadlineMs))
      return addresses.map(({ address }) => address)
    },

    async openPort(host, port, deadlineMs) {
      const deadline = within(deadlineMs)
      const lookup = lookupOf(await routes.to(host, deadline))
      await opened(connect({ host, port, lookup }), 'connect', deadline)
    },

    async speaksTls(host, port, deadlineMs) {
      const deadline = within(deadlineMs)
      try {
        const lookup = lookupOf(await routes.to(host, deadline))
        const name = isIP(host) === 0 && { servername: host }
        const socket = connectTls({ host, port, lookup, rejectUnauthorized: false, ...name })
        await opened(socket, 'secureConnect', deadline)
        return true
      } catch {
        return false
      }
    },
  }
}

async function opened(socket: Socket, event: string, deadline: AbortSignal): Promise<void> {
  socket.on('error', () => undefined)
  try {
    await once(socket, event, { signal: deadline })
  } catch (error) {
    throw deadline.aborted ? new AgentFailure('timeout', 'no connection in time', true) : failureOf(error, true)
  } finally {
    socket.destroy()
  }
}
