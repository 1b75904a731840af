import { readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { CommandError, exitCodes } from '../exit-codes.ts'
import type { Terminal } from '../terminal/terminal.ts'

export type AccessOptions = {
  bearerFrom?: string
  basicFrom?: string
  headersFrom?: string
  ca?: string
  fingerprint?: string
  healthPath?: string
}

/** How an agent is called. A credential comes from a file: what is typed is in the history, and seen by `ps`. */
export function withAccessOptions(command: Command): Command {
  const from = (flag: string, meaning: string, others: string[]) =>
    new Option(`${flag} <file>`, `${meaning} in this file; - is standard input`).conflicts(others)
  return command
    .addOption(from('--bearer-from', 'send the bearer token', ['basicFrom', 'headersFrom']))
    .addOption(
      from('--basic-from', 'send the user name and password, as name:password,', ['bearerFrom', 'headersFrom']),
    )
    .addOption(from('--headers-from', 'send the headers, a line each,', ['bearerFrom', 'basicFrom']))
    .option('--ca <file>', 'accept certificates of the authority in this file (PEM)')
    .option('--fingerprint <sha256>', 'accept this certificate')
    .option('--health-path <path>', 'where its health is asked, in place of /health')
}

export async function readAccess(terminal: Terminal, options: AccessOptions) {
  const credential = await readCredential(terminal, options)
  const { ca, fingerprint, healthPath } = options
  return {
    ...(credential && { credential }),
    ...(ca !== undefined && { ca: await textOf(terminal, ca) }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(healthPath !== undefined && { health_path: healthPath }),
  }
}

async function readCredential(terminal: Terminal, { bearerFrom, basicFrom, headersFrom }: AccessOptions) {
  if (bearerFrom !== undefined) return { type: 'bearer', token: await lineOf(terminal, bearerFrom) }
  if (basicFrom !== undefined) {
    const login = await lineOf(terminal, basicFrom)
    const at = login.indexOf(':')
    if (at < 0) throw new CommandError(`${nameOf(basicFrom)} has no ":" between name and password.`, exitCodes.usage)
    return { type: 'basic', username: login.slice(0, at), password: login.slice(at + 1) }
  }
  if (headersFrom === undefined) return undefined
  const lines = (await textOf(terminal, headersFrom)).split(/\r?\n/).filter((line) => line.trim() !== '')
  return { type: 'headers', headers: Object.fromEntries(lines.map((line) => headerIn(line, headersFrom))) }
}

function headerIn(line: string, file: string): [name: string, value: string] {
  const at = line.indexOf(':')
  if (at < 1) throw new CommandError(`${nameOf(file)} has a line without a name, a colon and a value.`, exitCodes.usage)
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()]
}

/** Without the line break that editors and `echo` put at the end. */
async function lineOf(terminal: Terminal, file: string): Promise<string> {
  const text = (await textOf(terminal, file)).replace(/\r?\n$/, '')
  if (text === '') throw new CommandError(`${nameOf(file)} is empty.`, exitCodes.usage)
  return text
}

async function textOf({ input }: Terminal, file: string): Promise<string> {
  if (file === '-') {
    const chunks: Uint8Array[] = []
    for await (const chunk of input) chunks.push(chunk)
    return Buffer.concat(chunks).toString('utf8')
  }
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CommandError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, exitCodes.usage)
  }
}

const nameOf = (file: string): string => (file === '-' ? 'Standard input' : file)
