import type { Server } from 'node:http'
import { hostname } from 'node:os'

/** Tells a dashboard from others on its database. `--port 0` takes another port than it names. */
export function ownName(server: Server, port: number): string {
  const listening = server.address()
  return nameAt(listening && typeof listening === 'object' ? listening.port : port)
}

export const nameAt = (port: number): string => `${hostname()}:${port}`
