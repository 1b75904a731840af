import { resolve } from 'node:path'
import { Command } from 'commander'
import { ConfigError, loadConfig } from '../config.ts'
import { fail, refusePostgres } from './fail.ts'
import { optionFor, type Typed } from './options.ts'

export const backupCommand = new Command('backup')
  .description('copy the database into a new file and check the copy; the dashboard may keep running')
  .argument('<file>', 'the new file')
  .addOption(optionFor('db'))
  .action(backUpDatabase)

async function backUpDatabase(file: string, typed: Typed): Promise<void> {
  const { BackupError } = await import('../shared/errors.ts')
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  try {
    const { db } = loadConfig(typed)
    refusePostgres(db)
    const [{ backUp }, { formatBytes }] = await Promise.all([
      import('../store/sqlite/copies/backup.ts'),
      import('../web/format/numbers.ts'),
    ])
    const bytes = await backUp(resolve(db), resolve(file), { signal: stop.signal })
    console.log(`Backup of ${db}: ${resolve(file)}, ${formatBytes(bytes)}, checked.`)
  } catch (error) {
    fail(error, error instanceof ConfigError || error instanceof BackupError)
  }
}
