import { createServer } from 'node:net'

const maxTried = 50
const usualPort = 8000

export function checkPort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host, port }, () => server.close(() => resolve()))
  })
}

/** The next free port; 0 (any) where all are taken. */
export async function freePortAfter(host: string, port: number): Promise<number> {
  for (const first of [port + 1, usualPort]) {
    for (let next = first; next < Math.min(first + maxTried, 65_536); next++) if (await isFree(host, next)) return next
  }
  return 0
}

const isFree = (host: string, port: number): Promise<boolean> =>
  checkPort(host, port).then(
    () => true,
    () => false,
  )
