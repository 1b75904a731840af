import { expect, test } from 'vitest'
import { exampleWorld } from '../../support/api/world.ts'
import { crawl } from '../../support/crawl.ts'
import { type ProxyKind, startReverseProxy } from '../../support/network/reverse-proxy.ts'

test.each<ProxyKind>(['takes the path off', 'leaves the path on'])(
  'every address of pages, regions, redirects and JSON leads through a proxy that %s',
  { timeout: 60_000 },
  async (kind) => {
    const proxy = await startReverseProxy('/agents', kind)
    const { app } = await exampleWorld('a run that has ended', { publicUrl: proxy.url.replace(/\/$/, '') })
    proxy.forwardTo(await app.listen({ host: '127.0.0.1', port: 0 }))

    const { addresses, answers } = await crawl([proxy.url])
    // An example of the document is where an agent is asked.
    const notOurs = [app.db, '/health']
    const beside = [...addresses].filter(([address]) => !address.startsWith('/agents/') && !notOurs.includes(address))
    expect(beside.map(([address, where]) => `${address}: ${where}`)).toEqual([])
    expect(proxy.outside).toEqual([])

    const reads = answers.filter(({ request }) => request.startsWith('GET ') && request.includes('text/html'))
    const failed = reads.filter(({ status, request }) => status >= 400 && !request.includes('/runs/gone'))
    expect(failed).toEqual([])
    for (const part of [
      'css/app.css',
      'inter.woff2',
      'icons.svg',
      'tab=nodes',
      '/bottleneck',
      '/compare',
      '/runs/bulk/',
      '/docs/api',
    ])
      expect(reads.map(({ request }) => request)).toContainEqual(expect.stringContaining(part))
  },
)
