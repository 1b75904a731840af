import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { ConfigError, loadConfig, type SettingName, settings } from './config.ts'

const { version, description } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

const program = new Command('configurable-agents')
  .description(description)
  .version(version)
  .showHelpAfterError('(--help lists what can be typed)')

const ui = program.command('ui').description('start the dashboard').action(startDashboard)
for (const { flag, argument, env, meaning } of Object.values(settings)) {
  if (flag) ui.addOption(new Option(argument ? `${flag} ${argument}` : flag, `${meaning} (or ${env})`))
}
ui.addHelpText('after', `\nMore settings, by environment variable:\n${settingsByVariable()}`)

await program.parseAsync()

async function startDashboard(typed: Partial<Record<SettingName, unknown>>): Promise<void> {
  try {
    const config = loadConfig(typed)
    // Loaded only now: --help and mistakes need none of it.
    const { serve, StartError } = await import('./server.ts')
    const address = await serve(config).catch((error) => fail(error, error instanceof StartError))
    console.log(`Configurable Agents dashboard: ${address}`)
    console.log(`Database: ${config.db}`)
    if (config.open) await openBrowser(address)
  } catch (error) {
    fail(error, error instanceof ConfigError)
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
