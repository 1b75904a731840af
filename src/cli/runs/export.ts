import { createWriteStream } from 'node:fs'
import { realpath, rename, rm, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { paths } from '../../web/http/paths.ts'
import { type CommonOptions, dashboardAt, dashboardCommand, tokenOption, urlOption } from '../dashboard/command.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { safeText } from '../terminal/safe-text.ts'
import type { Output, Terminal } from '../terminal/terminal.ts'
import { type FilterOptions, filterNames, queryOf, withFilters } from './filter.ts'

export function exportCommand(terminal: Terminal): Command {
  const command = dashboardCommand('export', 'export runs with their inputs and outputs', [
    'runs export --status failed --output failed.csv',
    'runs export --agent writer --time week | jq -r .outputs.result',
  ])
  return withFilters(command)
    .option('--format <format>', 'ndjson or csv (default: by the name of the file, else ndjson)')
    .option('--output <file>', 'write into this file; it is there only when the export is whole')
    .addOption(urlOption())
    .addOption(tokenOption())
    .action((filter: string | undefined, options: FilterOptions) => exportRuns(terminal, filter, options))
}

async function exportRuns(terminal: Terminal, filter: string | undefined, options: FilterOptions): Promise<void> {
  const { url, token, output } = options as CommonOptions & { output?: string }
  const format = options.format ?? (output?.endsWith('.csv') ? 'csv' : 'ndjson')
  const path = paths.exportRuns(queryOf(filter, { ...options, format }, [...filterNames, 'format']))
  const stop = output === undefined ? undefined : terminal.interruption()
  try {
    const runs = await dashboardAt(url, token).stream(path, stop)
    if (output === undefined) await pipeline(runs, forOutput(terminal.out), terminal.out, { end: false })
    else await writeWhole(runs, output)
  } catch (error) {
    if (error instanceof CommandError) throw error
    if (stop?.aborted) throw new CommandError('The export was stopped. No file was written.', exitCodes.interrupted)
    throw failure(error as NodeJS.ErrnoException, output)
  }
}

function forOutput({ isTTY }: Output) {
  return async function* (runs: Readable) {
    for await (const text of runs.setEncoding('utf8')) yield isTTY ? safeText(text) : text
  }
}

/** The file that was there stays until the new one is whole. */
async function writeWhole(runs: Readable, file: string): Promise<void> {
  const there = await stat(file).catch(() => undefined)
  // A device or a pipe cannot be replaced.
  if (there && !there.isFile()) return pipeline(runs, createWriteStream(file))
  const target = there ? await realpath(file) : file
  const part = `${target}.part`
  try {
    await pipeline(runs, createWriteStream(part))
    await rename(part, target)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

function failure({ code, syscall, message }: NodeJS.ErrnoException, output: string | undefined): CommandError {
  const isOfFile = syscall === 'open' || syscall === 'write' || syscall === 'rename'
  if (isOfFile && output !== undefined) return new CommandError(`Cannot write ${output}: ${message}`)
  const rest = output === undefined ? 'What was printed is not whole.' : 'No file was written.'
  const reason = code === 'ECONNRESET' ? '' : ` (${message})`
  return new CommandError(`The dashboard broke off the export${reason}. ${rest}`, exitCodes.notReachable)
}
