import { CommandError, exitCodes } from '../exit-codes.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** From standard input, or typed twice where nobody sees it. Throws CommandError. */
export async function readNewPassword(
  terminal: Terminal,
  { passwordStdin }: { passwordStdin?: boolean },
): Promise<string> {
  if (passwordStdin) return firstLine(terminal)
  if (!terminal.out.isTTY || !process.stdin.isTTY) {
    throw new CommandError('Give the password with --password-stdin: there is nobody to type it.', exitCodes.usage)
  }
  const { read } = await import('read')
  const ask = (prompt: string) => read({ prompt, silent: true, replace: '•', output: terminal.out })
  const password = await ask('Password: ')
  if ((await ask('Again: ')) !== password) throw new CommandError('The two passwords differ. Nothing was changed.')
  return password
}

async function firstLine({ input }: Terminal): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of input) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8').split(/\r?\n/, 1)[0]!
}
