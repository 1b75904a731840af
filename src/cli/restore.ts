import { resolve } from 'node:path'
import { Command } from 'commander'
import { ConfigError, loadConfig } from '../config.ts'
import { failure, refusePostgres } from './fail.ts'
import { optionFor, type Typed } from './options.ts'
import type { Terminal } from './terminal/terminal.ts'

export function restoreCommand(terminal: Terminal): Command {
  return new Command('restore')
    .description(
      'replace the database with a backup and keep the old file under another name; stop the dashboard first',
    )
    .argument('<file>', 'the backup')
    .addOption(optionFor('db'))
    .action((file: string, typed: Typed) => restoreDatabase(terminal, file, typed))
}

async function restoreDatabase({ out, clock }: Terminal, file: string, typed: Typed): Promise<void> {
  const { AppError } = await import('../shared/errors.ts')
  try {
    const { db } = loadConfig(typed)
    refusePostgres(db)
    const [{ restore }, { formatBytes }] = await Promise.all([
      import('../store/sqlite/copies/restore.ts'),
      import('../web/format/numbers.ts'),
    ])
    const { bytes, kept, keptLog } = await restore(resolve(file), resolve(db), clock.now())
    out.write(`Restored ${db} from ${file}, ${formatBytes(bytes)}, checked.\n`)
    if (kept) out.write(`The file that was there is kept as ${kept}.\n`)
    if (keptLog) out.write(`The log of another file, which was beside it, is kept as ${keptLog}.\n`)
  } catch (error) {
    throw failure(error, error instanceof ConfigError || error instanceof AppError)
  }
}
