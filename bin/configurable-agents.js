#!/usr/bin/env node
// Plain JavaScript on purpose: this file must still be readable by the Node that is too old for everything behind it.
// The native SQLite module ends such a Node with a segmentation fault, so the check comes before any import.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `configurable-agents needs Node.js 22.19 or newer, and this is ${process.versions.node}. Install the current LTS from nodejs.org, then run it again.`,
  )
  process.exit(1)
}

const { limitMemoryAfterStart, restartWithMemoryLimits } = await import('./memory-limits.js')
const isDashboard = process.argv[2] === 'ui'
if (isDashboard) restartWithMemoryLimits()

const { existsSync } = await import('node:fs')
const { useCompileCache } = await import('./compile-cache.js')
useCompileCache()
// A clone runs the TypeScript as it is; the published package carries only what was built from it.
const source = new URL('../src/cli.ts', import.meta.url)
const isClone = existsSync(source)
if (isClone) (await import('./own-modules.js')).findOwnModules(new URL('.', source).href)
await import(isClone ? source.href : new URL('../dist/cli.js', import.meta.url).href)
if (isDashboard) limitMemoryAfterStart()
