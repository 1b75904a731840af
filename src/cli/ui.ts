import { Command } from 'commander'
import { shownDatabase } from '../config/database.ts'
import { publicAddressOf } from '../config/public-url.ts'
import { type Config, ConfigError, loadConfig, type SettingName, settings } from '../config.ts'
import { setupMinutes } from '../orchestrator/access/setup.ts'
import { fail, failure } from './fail.ts'
import { optionFor, type Typed } from './options.ts'

export function uiCommand(): Command {
  const command = new Command('ui')
    .description('start the dashboard')
    .addHelpText('after', `\nMore settings, by environment variable:\n${settingsWithoutFlag()}`)
    .action((typed: Typed) => startDashboard(configOf(typed)))
  for (const name of Object.keys(settings) as SettingName[]) if (settings[name].flag) command.addOption(optionFor(name))
  return command
}

function configOf(typed: Typed): Config {
  try {
    return loadConfig(typed)
  } catch (error) {
    throw failure(error, error instanceof ConfigError)
  }
}

async function startDashboard(config: Config): Promise<void> {
  try {
    // Loaded only now: --help and errors need none of it.
    const [{ serve }, { StartError }] = await Promise.all([import('../server.ts'), import('../server/start-error.ts')])
    const { address, setupToken, warning } = await serve(config).catch((error) =>
      fail(error, error instanceof StartError),
    )
    console.log(`Configurable Agents dashboard: ${address}`)
    if (config.publicUrl) console.log(`Public URL: ${config.publicUrl}/`)
    console.log(`Database: ${shownDatabase(config.db)}`)
    if (warning !== undefined) console.warn(warning)
    const { origin, basePath } = publicAddressOf(config)
    if (setupToken !== undefined) {
      const page = `${origin ?? address}${basePath}/setup`
      console.log(`Create the first user within ${setupMinutes} minutes: ${page}#${setupToken}`)
    }
    if (config.open) await openBrowser(address + basePath)
  } catch (error) {
    fail(error, error instanceof ConfigError)
  }
}

async function openBrowser(address: string): Promise<void> {
  const { default: open } = await import('open')
  await open(address).catch(() => console.error(`The browser could not be opened. Go to ${address} yourself.`))
}

function settingsWithoutFlag(): string {
  return Object.values(settings)
    .filter(({ flag }) => flag === undefined)
    .map(({ env, fileEnv, meaning }) => `  ${env}${fileEnv ? ` or ${fileEnv}` : ''}\n      ${meaning}`)
    .join('\n')
}
