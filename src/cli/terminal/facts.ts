import { colored, type Tone } from './print.ts'
import { safeLine } from './safe-text.ts'
import type { Output } from './terminal.ts'

type Fact = [name: string, text: string | null | undefined, tone?: Tone | undefined]

export function factLines(output: Output, facts: Fact[]): string[] {
  const known = facts.filter(([, text]) => text !== null && text !== undefined && text !== '')
  const width = Math.max(...known.map(([name]) => name.length)) + 2
  return known.map(([name, text, tone]) => `${name.padEnd(width)}${colored(output, tone, safeLine(text!))}`)
}
