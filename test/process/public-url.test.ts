import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { cli } from '../support/cli.ts'
import { startReverseProxy } from '../support/network/reverse-proxy.ts'
import { printed, startDashboard } from '../support/process.ts'

test('the program prints its public URL, and commands reach it there', { timeout: 30_000 }, async () => {
  const agent = await startAgent()
  const proxy = await startReverseProxy('/agents', 'leaves the path on')
  const dashboard = await startDashboard({ env: { CONFIGURABLE_AGENTS_PUBLIC_URL: proxy.url } })
  proxy.forwardTo(dashboard.url)
  expect((await printed(dashboard, /Public URL: (\S+)/))[1]).toBe(proxy.url)

  const at = ['--url', proxy.url]
  expect(await cli(['agents', 'register', agent.url, '--id', 'writer', ...at])).toMatchObject({ code: 0 })
  const { code, out, err } = await cli(['run', 'writer', '--topic', 'SQLite', ...at])
  expect(code).toBe(0)
  expect(err).toContain(`See ${proxy.url}runs/${out.trim()}`)
  expect((await cli(['runs', 'list', ...at])).out).toContain('writer')
  expect(proxy.outside).toEqual([])
})
