import { Command, Option } from 'commander'
import { database, isPostgres, shownMistake } from '../../config/database.ts'
import { settings } from '../../config.ts'
import type { Moved } from '../../store/move/move.ts'
import { exampleLines } from '../dashboard/command.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { printJson, printLines } from '../terminal/print.ts'
import { safeLine } from '../terminal/safe-text.ts'
import { tableLines } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { createMoveProgress } from './progress.ts'

export function moveCommand(terminal: Terminal): Command {
  return new Command('move')
    .description('copy everything from a SQLite file into an empty PostgreSQL database, or back, and compare')
    .argument('<from>', 'the file, or the postgres:// address of the database; it is not changed')
    .argument('<to>', 'the same of the other kind')
    .addOption(new Option('--json', 'print the result as JSON'))
    .addHelpText(
      'after',
      exampleLines([
        'move workflows.db postgres://ann@db.example.com/agents',
        'move postgres://ann@db.example.com/agents workflows.db',
      ]),
    )
    .action((from: string, to: string, options: { json?: boolean }) =>
      moveAll(terminal, databaseOf(from), databaseOf(to), options),
    )
}

function databaseOf(given: string): string {
  const { data, error } = database().safeParse(given)
  if (data !== undefined) return data
  throw new CommandError(`"${shownMistake(given)}" ${error!.issues[0]!.message}.`, exitCodes.usage)
}

async function moveAll(terminal: Terminal, from: string, to: string, { json }: { json?: boolean }): Promise<void> {
  const [{ move }, { AppError }] = await Promise.all([
    import('../../store/move/move.ts'),
    import('../../shared/errors.ts'),
  ])
  if (isPostgres(from) === isPostgres(to)) throw new CommandError(wrongKinds(isPostgres(from)), exitCodes.usage)
  const progress = createMoveProgress(terminal)
  const signal = terminal.interruption()
  try {
    const moved = await move(from, to, { onStep: progress.show, signal })
    progress.end()
    if (json) printJson(terminal.out, JSON.stringify(moved))
    else printLines(terminal.out, linesOf(terminal, moved))
  } catch (error) {
    progress.end()
    if (!(error instanceof AppError)) throw error
    throw new CommandError(error.messageForAdmins, signal.aborted ? exitCodes.interrupted : exitCodes.failed)
  }
}

function wrongKinds(areServers: boolean): string {
  return areServers
    ? 'Both are PostgreSQL databases: pg_dump and pg_restore copy these. Name a file and a database.'
    : 'Both are files: "configurable-agents backup" copies these. Name a file and the postgres:// address of a database.'
}

function linesOf({ out }: Terminal, { from, to, tables, left, changed, isOld }: Moved): string[] {
  if (isOld)
    return [`${safeLine(from)} was moved to ${safeLine(to)} before, and has not changed since. Nothing was changed.`]
  const columns = [
    { title: 'MOVED', value: ({ name }: Table) => name },
    { title: 'ROWS', value: ({ rows }: Table) => rows.toLocaleString('en-US'), isNumber: true as const },
    { title: 'SHA-256', value: ({ checksum }: Table) => checksum.slice(0, 16), leftOutAs: 1 },
  ]
  return [
    ...tableLines(out, columns, tables),
    '',
    `${safeLine(from)} and ${safeLine(to)} have the same rows, by count and checksum.`,
    ...left.map(
      ({ name, rows }) => `Left where it is: table ${safeLine(name)} (${rows}), which is not the dashboard's.`,
    ),
    ...changedLines(changed),
    ...keyLines(tables),
  ]
}

type Table = Moved['tables'][number]

function changedLines({ texts, numbers }: Moved['changed']): string[] {
  const lines: string[] = []
  if (texts > 0)
    lines.push(`Texts with NUL characters, which PostgreSQL cannot hold: ${texts}. Each NUL is "\ufffd" (U+FFFD) now.`)
  if (numbers > 0) lines.push(`Durations, tokens and costs too large to add up: ${numbers}. They are unknown now.`)
  return lines
}

/** The key is no part of a database. */
function keyLines(tables: Table[]): string[] {
  if (!tables.some(({ name, rows }) => name === 'credentials' && rows > 0)) return []
  return [
    `Credentials of agents stay encrypted by the same key: the file secret.key beside the SQLite file, or the setting ${settings.secretKey.env}.`,
  ]
}
