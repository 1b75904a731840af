import { access } from './config/access.ts'
import { cluster } from './config/cluster.ts'
import { credentials } from './config/credentials.ts'
import { health } from './config/health.ts'
import { logging } from './config/logging.ts'
import { retention } from './config/retention.ts'
import { runs } from './config/runs.ts'
import { server } from './config/server.ts'
import { signOn } from './config/sign-on.ts'
import { readSettings, settingsOf, type Typed, type Values } from './config/table.ts'

export { ConfigError } from './config/table.ts'

const table = {
  ...server,
  ...access,
  ...signOn,
  ...runs,
  ...health,
  ...credentials,
  ...cluster,
  ...retention,
  ...logging,
}

export type SettingName = keyof typeof table
export type Config = Values<typeof table>

export const settings = settingsOf(table)

/** Flags override environment variables. Throws ConfigError. */
export function loadConfig(typed: Typed<typeof table> = {}, env = process.env): Config {
  return readSettings(table, typed, env)
}

/** The npm script that started this program, and options of ours that npm kept for itself. */
export function startedAs(env = process.env): {
  npmScript: string | undefined
  takenByNpm: [flag: string, value: string][]
} {
  const npmScript = env.npm_lifecycle_event || undefined
  const flags = Object.values(settings).flatMap(({ flag }) => flag ?? [])
  const taken = flags.map((flag): [string, string] => [flag, env[`npm_config_${flag.slice(2)}`] ?? ''])
  return { npmScript, takenByNpm: npmScript === undefined ? [] : taken.filter(([, value]) => value !== '') }
}
