import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** As nginx has it: with a path at its end, `proxy_pass` takes the prefix off; without one it leaves it on. */
export type ProxyKind = 'takes the path off' | 'leaves the path on'

export type ReverseProxy = {
  /** Where people open the dashboard: `http://localhost:54321/agents/`. */
  url: string
  origin: string
  forwardTo: (target: string) => void
  /** What was asked for beside the path. It was answered with 404. */
  outside: string[]
}

export async function startReverseProxy(basePath: string, kind: ProxyKind): Promise<ReverseProxy> {
  let target = ''
  const outside: string[] = []
  const server = createServer((incoming, outgoing) => {
    const { url = '', method, headers } = incoming
    if (!url.startsWith(`${basePath}/`)) {
      outside.push(`${method} ${url}`)
      outgoing.writeHead(404, { 'content-type': 'text/plain' }).end('Not of the dashboard')
      return
    }
    const path = kind === 'takes the path off' ? url.slice(basePath.length) : url
    const forwarded = request(target, { method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(outgoing)
    })
    forwarded.on('error', () => outgoing.destroy())
    outgoing.on('close', () => forwarded.destroy())
    incoming.pipe(forwarded)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    url: `${origin}${basePath}/`,
    origin,
    forwardTo(to) {
      target = to
    },
    outside,
  }
}
