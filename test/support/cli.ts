import { Readable, Writable } from 'node:stream'
import { runCommandLine } from '../../src/cli/command-line.ts'
import type { Output, Terminal } from '../../src/cli/terminal/terminal.ts'
import { systemClock } from '../../src/shared/time/clock.ts'

type Options = {
  /** Of a terminal that people look at; without it, output goes into a pipe. */
  columns?: number
  input?: string
  interruption?: AbortSignal
} & Partial<Pick<Terminal, 'clock' | 'newKey'>>

export type Printed = { code: number; out: string; err: string }
type TestTerminal = Terminal & { printed: { out: string; err: string } }

function testTerminal({ columns, input = '', interruption, ...rest }: Options = {}): TestTerminal {
  const printed = { out: '', err: '' }
  const output = (name: 'out' | 'err'): Output => {
    const stream = new Writable({
      decodeStrings: false,
      write(text, _encoding, done) {
        printed[name] += text
        done()
      },
    })
    return columns === undefined ? stream : Object.assign(stream, { isTTY: true, columns, getColorDepth: () => 4 })
  }
  return {
    ...{ printed, out: output('out'), err: output('err') },
    input: Readable.from([Buffer.from(input)]),
    clock: systemClock,
    newKey: () => crypto.randomUUID(),
    interruption: () => interruption ?? new AbortController().signal,
    ...rest,
  }
}

/** Runs a command in this process. */
export async function cli(args: string[], options?: Options): Promise<Printed> {
  const terminal = testTerminal(options)
  const code = await runCommandLine(args, terminal)
  return { code, ...terminal.printed }
}
