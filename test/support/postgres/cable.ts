import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export type Cable = {
  /** The address of the database at this end. */
  url: string
  /** Ends all connections, and lets nobody make another. */
  cut(): void
  mend(): void
  /** Lets nothing pass, and says so to nobody. */
  pause(): void
  /** Lets pass what was held back, and all that follows. */
  resume(): void
  /** Ends the connection on which that is said next: before the server hears it, or before its answer comes. */
  cutAt(words: string, when: 'unheard' | 'unanswered'): void
}

/** A connection to a server that a test can cut. */
export async function cableTo(url: string): Promise<Cable> {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let [isCut, isPaused] = [false, false]
  let next: { words: string; when: 'unheard' | 'unanswered' } | undefined

  function carry(client: Socket): void {
    if (isCut) return void client.destroy()
    const server = connect(Number(port), hostname)
    const ends = [client, server]
    let isDeaf = false
    for (const end of ends) {
      sockets.add(end)
      if (isPaused) end.pause()
      end.on('error', () => {})
      end.on('close', () => {
        sockets.delete(end)
        for (const other of ends) other.destroy()
      })
    }
    server.on('data', (data) => (isDeaf ? client.destroy() : client.write(data)))
    client.on('data', (data) => {
      const isNext = next && data.includes(next.words)
      if (isNext && next?.when === 'unheard') client.destroy()
      else server.write(data)
      if (isNext) {
        isDeaf = true
        next = undefined
      }
    })
  }

  const listener = createServer(carry).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  onTestFinished(() => {
    listener.close()
    for (const socket of sockets) socket.destroy()
  })
  return {
    url: Object.assign(new URL(url), { port: (listener.address() as AddressInfo).port }).href,
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      isCut = false
    },
    pause() {
      isPaused = true
      for (const socket of sockets) socket.pause()
    },
    resume() {
      isPaused = false
      for (const socket of sockets) socket.resume()
    },
    cutAt(words, when) {
      next = { words, when }
    },
  }
}
