import { readFileSync } from 'node:fs'
import { projectFile } from './folders.ts'

type Package = { version: string; description: string }

export const { version, description }: Package = JSON.parse(readFileSync(projectFile('package.json'), 'utf8'))
