import { Command, Option } from 'commander'
import { clientSettings, readDashboardToken, readDashboardUrl } from '../../config/client.ts'
import { createDashboard, type Dashboard, usageError } from './dashboard.ts'

export type CommonOptions = { url?: string; token?: string; json?: boolean }

const { flag, argument, meaning, env, default: usual } = clientSettings.url

export function urlOption(): Option {
  return new Option(`${flag} ${argument}`, `${meaning} (or ${env}; default: ${usual})`)
}

export function tokenOption(): Option {
  const { flag, argument, meaning, env } = clientSettings.token
  return new Option(`${flag} ${argument}`, `${meaning} (${env})`)
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

export function dashboardAt(typedUrl: string | undefined, typedToken?: string): Dashboard {
  const { text, source, url } = readDashboardUrl(typedUrl)
  if (!url) throw usageError(`${source}: “${text}” is not a URL such as ${usual}.`)
  const { token, source: tokenSource } = readDashboardToken(typedToken)
  // Never printed: neither here nor in any other error.
  if (token !== undefined && !/^ca_[\w-]+$/.test(token)) throw usageError(`${tokenSource}: a token begins with ca_.`)
  if (token !== undefined && url.username + url.password !== '')
    throw usageError(`Give either a token (${tokenSource}) or a name and password in the URL (${source}), not both.`)
  return createDashboard(url, token)
}
