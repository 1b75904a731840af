import { isIPv6 } from 'node:net'
import { z } from 'zod'

type Setting = { env: string; flag?: string; argument?: string; meaning: string }

const seconds = (max: number) => z.coerce.number().positive().max(max)
const count = (max: number) => z.coerce.number().int().min(1).max(max)
const kept = (max: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(0, 'must be 0 or more')
    .max(max, `must be ${max} or less`)
const switchedOn = z.union([z.boolean(), z.stringbool()], { error: 'must be true or false' })

/** A host name as the Host header of a browser has it. */
function hostName(name: string, { addIssue }: z.RefinementCtx): string {
  const bare = /^\[.*\]$/.test(name) ? name.slice(1, -1) : name
  const url = `http://${isIPv6(bare) ? `[${bare}]` : bare}`
  if (!(/[\s/?#@*\\]/.test(bare) || (bare.includes(':') && !isIPv6(bare))) && URL.canParse(url))
    return new URL(url).hostname.replace(/^\[|\]$|\.$/g, '')
  addIssue({
    code: 'custom',
    message: `must hold host names alone, such as agents.example.com: not "${name}", and no scheme, port, path or wildcard`,
  })
  return z.NEVER
}

const shape = z.object({
  host: z.string().min(1, 'must name an address').default('127.0.0.1'),
  port: z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(0, 'must be 0 to 65535')
    .max(65_535, 'must be 0 to 65535')
    .default(8000),
  db: z.string().min(1, 'must name a file').default('workflows.db'),
  open: switchedOn.default(false),
  allowedHosts: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.string().transform(hostName)))
    .default([]),
  runTimeoutSeconds: seconds(86_400).default(120),
  jobTimeoutSeconds: seconds(2_592_000).default(86_400),
  runsPerAgent: count(1000).default(4),
  runsInAll: count(10_000).default(100),
  healthIntervalSeconds: seconds(3600).default(10),
  healthTimeoutSeconds: seconds(60).default(3),
  registerTimeoutSeconds: seconds(60).default(5),
  keepDays: kept(100_000).default(90),
  keepRuns: kept(1_000_000_000).default(1_000_000),
  keepFailedDays: kept(100_000).default(365),
  logLevel: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('warn'),
})

export type Config = z.output<typeof shape>
export type SettingName = keyof Config

/** Every setting, with where it is read from and what it means. `--help` and the README are checked against it. */
export const settings: Record<SettingName, Setting> = {
  host: { env: 'CONFIGURABLE_AGENTS_HOST', flag: '--host', argument: '<address>', meaning: 'address to listen on' },
  port: {
    env: 'CONFIGURABLE_AGENTS_PORT',
    flag: '--port',
    argument: '<number>',
    meaning: 'port to listen on; 0 takes any free one',
  },
  db: {
    env: 'CONFIGURABLE_AGENTS_DB',
    flag: '--db',
    argument: '<file>',
    meaning: 'SQLite file, shared with the Python program',
  },
  open: { env: 'CONFIGURABLE_AGENTS_OPEN', flag: '--open', meaning: 'open the browser when ready' },
  allowedHosts: {
    env: 'CONFIGURABLE_AGENTS_ALLOWED_HOSTS',
    meaning: 'more host names to answer to, with commas between (for a proxy or a LAN name)',
  },
  runTimeoutSeconds: {
    env: 'CONFIGURABLE_AGENTS_RUN_TIMEOUT_SECONDS',
    meaning: 'how long the agent may take to answer one POST /run',
  },
  jobTimeoutSeconds: {
    env: 'CONFIGURABLE_AGENTS_JOB_TIMEOUT_SECONDS',
    meaning: 'how long a run that the agent took to the background is followed',
  },
  runsPerAgent: {
    env: 'CONFIGURABLE_AGENTS_RUNS_PER_AGENT',
    meaning: 'concurrent runs per agent (slots); more are queued',
  },
  runsInAll: { env: 'CONFIGURABLE_AGENTS_RUNS_IN_ALL', meaning: 'concurrent runs on all agents; more are queued' },
  healthIntervalSeconds: { env: 'CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS', meaning: 'time between health checks' },
  healthTimeoutSeconds: {
    env: 'CONFIGURABLE_AGENTS_HEALTH_TIMEOUT_SECONDS',
    meaning: 'how long an agent may take to answer a health check',
  },
  registerTimeoutSeconds: {
    env: 'CONFIGURABLE_AGENTS_REGISTER_TIMEOUT_SECONDS',
    meaning: 'the same for the check at registration',
  },
  keepDays: {
    env: 'CONFIGURABLE_AGENTS_KEEP_DAYS',
    meaning: 'days to keep runs; 0 keeps them for ever',
  },
  keepRuns: {
    env: 'CONFIGURABLE_AGENTS_KEEP_RUNS',
    meaning: 'always keep this many of the newest runs, whatever their age; 0 keeps all',
  },
  keepFailedDays: {
    env: 'CONFIGURABLE_AGENTS_KEEP_FAILED_DAYS',
    meaning: 'days to keep failed and lost runs; 0 keeps them for ever',
  },
  logLevel: {
    env: 'CONFIGURABLE_AGENTS_LOG_LEVEL',
    meaning: 'silent, fatal, error, warn, info, debug or trace; the log goes to standard error',
  },
}

/** A setting that cannot be used; the message names the flag or variable it came from. */
export class ConfigError extends Error {}

/**
 * The settings to run with: what was typed on the command line, else the environment, else the default.
 * The only reader of the environment. Throws ConfigError.
 */
export function loadConfig(typed: Partial<Record<SettingName, unknown>> = {}, env = process.env): Config {
  const given: Record<string, unknown> = {}
  for (const name of Object.keys(settings) as SettingName[]) {
    const value = typed[name] ?? (env[settings[name].env] || undefined)
    if (value !== undefined) given[name] = value
  }
  const result = shape.safeParse(given)
  if (result.success) return result.data

  const issue = result.error.issues[0]!
  const name = issue.path[0] as SettingName
  const { flag, env: variable } = settings[name]
  const source = typed[name] !== undefined && flag ? flag : variable
  throw new ConfigError(
    `${source}: "${given[name]}" ${issue.message.startsWith('must') ? issue.message : `is not valid (${issue.message})`}`,
  )
}

/** How npm started this program, if it did: the script, and options of ours that npm took for its own. */
export function startedAs(env = process.env): {
  npmScript: string | undefined
  takenByNpm: [flag: string, value: string][]
} {
  const npmScript = env.npm_lifecycle_event || undefined
  const flags = Object.values(settings).flatMap(({ flag }) => flag ?? [])
  const taken = flags.map((flag): [string, string] => [flag, env[`npm_config_${flag.slice(2)}`] ?? ''])
  return { npmScript, takenByNpm: npmScript === undefined ? [] : taken.filter(([, value]) => value !== '') }
}
