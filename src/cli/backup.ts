import { resolve } from 'node:path'
import { Command } from 'commander'
import { ConfigError, loadConfig } from '../config.ts'
import { failure, refusePostgres } from './fail.ts'
import { optionFor, type Typed } from './options.ts'
import type { Terminal } from './terminal/terminal.ts'

export function backupCommand(terminal: Terminal): Command {
  return new Command('backup')
    .description('copy the database into a new file and check the copy; the dashboard may keep running')
    .argument('<file>', 'the new file')
    .addOption(optionFor('db'))
    .action((file: string, typed: Typed) => backUpDatabase(terminal, file, typed))
}

const signals = ['SIGINT', 'SIGTERM'] as const

async function backUpDatabase({ out }: Terminal, file: string, typed: Typed): Promise<void> {
  const { BackupError } = await import('../shared/errors.ts')
  const stop = new AbortController()
  const abort = () => stop.abort()
  for (const signal of signals) process.once(signal, abort)
  try {
    const { db } = loadConfig(typed)
    refusePostgres(db)
    const [{ backUp }, { formatBytes }] = await Promise.all([
      import('../store/sqlite/copies/backup.ts'),
      import('../web/format/numbers.ts'),
    ])
    const bytes = await backUp(resolve(db), resolve(file), { signal: stop.signal })
    out.write(`Backup of ${db}: ${resolve(file)}, ${formatBytes(bytes)}, checked.\n`)
  } catch (error) {
    throw failure(error, error instanceof ConfigError || error instanceof BackupError)
  } finally {
    for (const signal of signals) process.off(signal, abort)
  }
}
