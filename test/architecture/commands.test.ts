import { expect, test } from 'vitest'
import { importsOf, readProjectFile } from './sources.ts'

/** What is loaded with a file, before anything in it runs. */
function loadedWith(path: string): Set<string> {
  const found = new Set<string>()
  const walk = (from: string) => {
    if (found.has(from)) return
    found.add(from)
    if (!from.startsWith('src/')) return
    const lazily = new Set([...readProjectFile(from).matchAll(/import\(\s*'([^']+)'/g)].map(([, name]) => name!))
    for (const { target, isType } of importsOf(from)) {
      if (!isType && ![...lazily].some((name) => target.endsWith(name.replace(/^[./]+/, '')))) walk(target)
    }
  }
  walk(path)
  return found
}

const ofDashboard = ['src/server.ts', 'src/app.ts', 'fastify', 'better-sqlite3', 'zod']

test('the commands to a dashboard load none of it, and ui none of them', () => {
  const start = loadedWith('src/cli.ts')
  expect(start).toContain('src/cli/command-line.ts')
  expect([...start].filter((path) => /^src\/cli\/(agents|runs?|completion|dashboard|ui|backup)/.test(path))).toEqual([])
  for (const command of [
    'src/cli/agents/agents.ts',
    'src/cli/runs/runs.ts',
    'src/cli/run/command.ts',
    'src/cli/status.ts',
  ]) {
    const loaded = loadedWith(command)
    expect(loaded).toContain('src/cli/dashboard/exchange.ts')
    expect(ofDashboard.filter((name) => loaded.has(name))).toEqual([])
  }
  const ui = loadedWith('src/cli/ui.ts')
  expect(ui).toContain('src/config.ts')
  expect([...ui].filter((path) => /^src\/cli\/(dashboard|terminal)\//.test(path))).toEqual([])
})

test('no start loads what the first page does not need', () => {
  const start = loadedWith('src/server.ts')
  expect([...start]).toEqual(expect.arrayContaining(['src/app.ts', 'fastify', 'zod']))
  for (const late of ['undici', 'markdown-it', 'prom-client', 'pino-pretty']) expect([...start]).not.toContain(late)
})
