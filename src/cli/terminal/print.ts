import { styleText } from 'node:util'
import { safeJson, safePiped, safeText } from './safe-text.ts'
import type { Output } from './terminal.ts'

export type Tone = 'good' | 'bad' | 'waiting' | 'working' | 'idle' | 'title'

const colors = { good: 'green', bad: 'red', waiting: 'yellow', working: 'cyan', idle: 'gray', title: 'bold' } as const

/** No colour where nobody would see it, or where NO_COLOR is set. */
export function colored(output: Output, tone: Tone | undefined, text: string): string {
  return tone === undefined ? text : styleText(colors[tone], text, { stream: output })
}

export function printLines(output: Output, lines: string[]): void {
  output.write(lines.map((line) => `${line}\n`).join(''))
}

export function printJson(output: Output, json: string): void {
  output.write(`${output.isTTY ? safeJson(json) : json}\n`)
}

/** An agent's text, harmless also where a pipe ends in a terminal. Programs that need it exactly have `--json`. */
export function printText(output: Output, text: string): void {
  const shown = output.isTTY ? safeText(text) : safePiped(text)
  output.write(shown.endsWith('\n') ? shown : `${shown}\n`)
}
