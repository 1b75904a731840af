import { isPostgres } from '../config/database.ts'
import { loginOf } from '../config/login.ts'
import { type Config, settings } from '../config.ts'
import type { Access } from '../orchestrator/access/access.ts'
import { setupMinutes } from '../orchestrator/access/setup.ts'
import { dashboardActor } from '../shared/actor.ts'
import { commandAgain, commandLine } from '../shared/command-line.ts'
import { isExposed } from '../shared/exposure.ts'
import { StartError } from './start-error.ts'

export type FirstStart = {
  /** What the address of the page that makes the first user ends with. */
  setupToken?: string
  warning?: string
}

const adminName = 'admin'

/** Makes sure that nobody from another machine gets in without a login. Throws StartError. */
export async function prepareAccess(access: Access, config: Config): Promise<FirstStart> {
  if (await access.hasUsers()) {
    return config.setup ? { warning: `There are users already, so ${settings.setup.flag} does nothing.` } : {}
  }
  if (config.adminPassword !== '') {
    const admin = { name: adminName, password: config.adminPassword, role: 'admin' }
    await access.users.add(admin, dashboardActor, true)
    return {}
  }
  if (config.setup) return { setupToken: await access.setup.begin() }
  const { singleSignOn, proxy } = loginOf(config)
  if (singleSignOn || proxy) return {}
  if (isExposed(config.host)) throw new StartError(waysIn(config))
  return config.allowedHosts.length > 0 ? { warning: openBehindProxy() } : {}
}

function waysIn({ host, db }: Config): string {
  return [
    `Other machines can reach ${host}, and there is no user yet, so the dashboard does not start. Do one of these:`,
    `  - Make a user: ${commandLine('users', 'add', 'NAME', '--role', 'admin', ...ofDatabase(db))}`,
    `  - Set a password for the user "${adminName}": ${settings.adminPassword.env}, or a file named by ${settings.adminPassword.fileEnv}`,
    `  - Create the first user in the browser, with a link that is valid for ${setupMinutes} minutes: ${commandAgain('--setup')}`,
    `For this machine alone, no user is needed: ${commandAgain('--host', '127.0.0.1')}`,
  ].join('\n')
}

/** An address has a password in it, which nobody should see or type: the command reads the same setting. */
const ofDatabase = (db: string) => (isPostgres(db) ? [] : ['--db', db])

const openBehindProxy = () =>
  `Warning: there are no users, so anyone who reaches this dashboard by a name of ${settings.allowedHosts.env} can do everything. Create one: ${commandLine('users', 'add', 'NAME', '--role', 'admin')}`
