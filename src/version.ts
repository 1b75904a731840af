import { readFileSync } from 'node:fs'

type Package = { version: string; description: string }

export const { version, description }: Package = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
)
