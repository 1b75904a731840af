import { Command, Option } from 'commander'
import { clientSettings, readDashboardUrl } from '../../config/client.ts'
import { createDashboard, type Dashboard, usageError } from './dashboard.ts'

/** Options of every command that talks to a dashboard. A token for it belongs here. */
export type CommonOptions = { url?: string; json?: boolean }

const { flag, argument, meaning, env, default: usual } = clientSettings.url

export function urlOption(): Option {
  return new Option(`${flag} ${argument}`, `${meaning} (or ${env}; default: ${usual})`)
}

export function jsonOption(): Option {
  return new Option('--json', 'print the JSON of the API')
}

/** A command over the API, with examples below its help. */
export function dashboardCommand(name: string, description: string, examples: string[]): Command {
  return new Command(name).description(description).addHelpText('after', exampleLines(examples))
}

export function exampleLines(examples: string[]): string {
  return `\nExamples:\n${examples.map((example) => `  configurable-agents ${example}`).join('\n')}`
}

/** Throws CommandError. */
export function dashboardAt(typed: string | undefined): Dashboard {
  const { text, source, url } = readDashboardUrl(typed)
  if (!url) throw usageError(`${source}: “${text}” is not a URL such as ${usual}.`)
  return createDashboard(url)
}
