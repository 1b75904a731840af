import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { ConfigError, loadConfig, type SettingName, settings, startedAs } from './config.ts'
import { isExposed } from './shared/exposure.ts'
import { description, version } from './version.ts'

const exposureWarning =
  'Warning: anyone who can reach this machine can use the dashboard, because it has no login. Start it with --host 127.0.0.1 and put a proxy with a login in front of it.'

type Typed = Partial<Record<SettingName, unknown>>

const program = new Command('configurable-agents')
  .description(description)
  .version(version)
  .showHelpAfterError('(--help lists what can be typed)')

const ui = program.command('ui').description('start the dashboard').action(startDashboard)
for (const name of Object.keys(settings) as SettingName[]) if (settings[name].flag) ui.addOption(optionFor(name))
ui.addHelpText('after', `\nMore settings, by environment variable:\n${settingsByVariable()}`)

program
  .command('backup')
  .description('copy the database into a new file and check the copy; a dashboard may go on meanwhile')
  .argument('<file>', 'the new file')
  .addOption(optionFor('db'))
  .action(backUpDatabase)

program
  .command('restore')
  .description('put a backup in the place of the database, which is kept under another name; stop the dashboard first')
  .argument('<file>', 'the backup')
  .addOption(optionFor('db'))
  .action(restoreDatabase)

explainNpm()
await program.parseAsync()

/** \`npm start --port 9601\`: npm keeps the option and passes on the number. */
function explainNpm(): void {
  const { npmScript, takenByNpm } = startedAs()
  if (takenByNpm.length === 0) return
  const isPassedOn = ([flag, value]: (typeof takenByNpm)[number]) => value === 'true' && flag !== settings.open.flag
  const values = process.argv.slice(process.argv.length - takenByNpm.filter(isPassedOn).length)
  const options = takenByNpm.map((taken) => {
    const [flag, value] = taken
    if (flag === settings.open.flag) return flag
    return `${flag} ${isPassedOn(taken) ? values.shift() : value}`
  })
  const script = npmScript === 'start' ? 'npm start' : `npm run ${npmScript}`
  const names = takenByNpm.map(([flag]) => flag).join(' and ')
  fail(
    new Error(`npm kept ${names} for itself. Write two dashes before the options: ${script} -- ${options.join(' ')}`),
    true,
  )
}

function optionFor(name: SettingName): Option {
  const { flag, argument, env, meaning } = settings[name]
  return new Option(argument ? `${flag} ${argument}` : flag!, `${meaning} (or ${env})`)
}

async function startDashboard(typed: Typed): Promise<void> {
  try {
    const config = loadConfig(typed)
    // Loaded only now: --help and mistakes need none of it.
    const [{ serve }, { StartError }] = await Promise.all([import('./server.ts'), import('./process/start-error.ts')])
    const address = await serve(config).catch((error) => fail(error, error instanceof StartError))
    console.log(`Configurable Agents dashboard: ${address}`)
    console.log(`Database: ${config.db}`)
    if (isExposed(config.host)) console.warn(exposureWarning)
    if (config.open) await openBrowser(address)
  } catch (error) {
    fail(error, error instanceof ConfigError)
  }
}

async function backUpDatabase(file: string, typed: Typed): Promise<void> {
  const { BackupError } = await import('./shared/errors.ts')
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  try {
    const { db } = loadConfig(typed)
    const [{ backUp }, { formatBytes }] = await Promise.all([
      import('./store/sqlite/copies/backup.ts'),
      import('./web/format/numbers.ts'),
    ])
    const bytes = await backUp(resolve(db), resolve(file), { signal: stop.signal })
    console.log(`Backup of ${db}: ${resolve(file)}, ${formatBytes(bytes)}, checked.`)
  } catch (error) {
    fail(error, error instanceof ConfigError || error instanceof BackupError)
  }
}

async function restoreDatabase(file: string, typed: Typed): Promise<void> {
  const { AppError } = await import('./shared/errors.ts')
  try {
    const { db } = loadConfig(typed)
    const [{ restore }, { formatBytes }, { systemClock }] = await Promise.all([
      import('./store/sqlite/copies/restore.ts'),
      import('./web/format/numbers.ts'),
      import('./shared/clock.ts'),
    ])
    const { bytes, kept, keptLog } = await restore(resolve(file), resolve(db), systemClock.now())
    console.log(`Restored ${db} from ${file}, ${formatBytes(bytes)}, checked.`)
    if (kept) console.log(`The file that was there is kept as ${kept}.`)
    if (keptLog) console.log(`The log of another file, which was beside it, is kept as ${keptLog}.`)
  } catch (error) {
    fail(error, error instanceof ConfigError || error instanceof AppError)
  }
}

async function openBrowser(address: string): Promise<void> {
  const { default: open } = await import('open')
  await open(address).catch(() => console.error(`The browser could not be opened. Go to ${address} yourself.`))
}

function fail(error: unknown, isExpected: boolean): never {
  console.error(isExpected ? (error as Error).message : error)
  process.exit(1)
}

function settingsByVariable(): string {
  return Object.values(settings)
    .filter(({ flag }) => flag === undefined)
    .map(({ env, meaning }) => `  ${env}\n      ${meaning}`)
    .join('\n')
}
