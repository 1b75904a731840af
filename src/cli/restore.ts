import { resolve } from 'node:path'
import { Command } from 'commander'
import { ConfigError, loadConfig } from '../config.ts'
import { fail, refusePostgres } from './fail.ts'
import { optionFor, type Typed } from './options.ts'

export const restoreCommand = new Command('restore')
  .description('replace the database with a backup and keep the old file under another name; stop the dashboard first')
  .argument('<file>', 'the backup')
  .addOption(optionFor('db'))
  .action(restoreDatabase)

async function restoreDatabase(file: string, typed: Typed): Promise<void> {
  const { AppError } = await import('../shared/errors.ts')
  try {
    const { db } = loadConfig(typed)
    refusePostgres(db)
    const [{ restore }, { formatBytes }, { systemClock }] = await Promise.all([
      import('../store/sqlite/copies/restore.ts'),
      import('../web/format/numbers.ts'),
      import('../shared/time/clock.ts'),
    ])
    const { bytes, kept, keptLog } = await restore(resolve(file), resolve(db), systemClock.now())
    console.log(`Restored ${db} from ${file}, ${formatBytes(bytes)}, checked.`)
    if (kept) console.log(`The file that was there is kept as ${kept}.`)
    if (keptLog) console.log(`The log of another file, which was beside it, is kept as ${keptLog}.`)
  } catch (error) {
    fail(error, error instanceof ConfigError || error instanceof AppError)
  }
}
