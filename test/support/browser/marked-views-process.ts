import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { markControls } from './marked-views.ts'

// Loaded before any program of a test: whatever reads a template gets it with its controls marked.

const read = fs.readFileSync
fs.readFileSync = ((path: string, ...rest: [never]) => {
  const content: unknown = read(path, ...rest)
  return typeof path === 'string' && path.endsWith('.eta') ? markControls(path, String(content)) : content
}) as typeof read
syncBuiltinESMExports()
