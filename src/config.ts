import { isIPv6 } from 'node:net'
import { z } from 'zod'

const seconds = (max: number) => z.coerce.number().positive().max(max)
const count = (max: number) => z.coerce.number().int().min(1).max(max)
const kept = (max: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(0, 'must be 0 or more')
    .max(max, `must be ${max} or less`)

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

function traceUrl(given: string, { addIssue }: z.RefinementCtx): string {
  const url = given.trim()
  if (url === '') return ''
  const example = url.replaceAll('{trace_id}', '0af7651916cd43dd8448eb211c80319c')
  const isWeb = URL.canParse(example) && /^https?:$/.test(new URL(example).protocol) && !/\s/.test(url)
  if (isWeb && example !== url) return url
  addIssue({
    code: 'custom',
    message: 'must be an http or https URL with {trace_id} in it, such as https://jaeger.example.com/trace/{trace_id}',
  })
  return z.NEVER
}

const table = {
  host: {
    value: z.string().min(1, 'must name an address').default('127.0.0.1'),
    flag: '--host',
    argument: '<address>',
    meaning: 'address to listen on',
  },
  port: {
    value: z.coerce
      .number({ error: 'must be a number' })
      .int('must be a whole number')
      .min(0, 'must be 0 to 65535')
      .max(65_535, 'must be 0 to 65535')
      .default(8000),
    flag: '--port',
    argument: '<number>',
    meaning: 'port to listen on; 0 takes any free one',
  },
  db: {
    value: z.string().min(1, 'must name a file').default('workflows.db'),
    flag: '--db',
    argument: '<file>',
    meaning: 'SQLite file, shared with the Python program',
  },
  open: {
    value: z.union([z.boolean(), z.stringbool()], { error: 'must be true or false' }).default(false),
    flag: '--open',
    meaning: 'open the browser when ready',
  },
  allowedHosts: {
    value: z
      .string()
      .transform((list) =>
        list
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean),
      )
      .pipe(z.array(z.string().transform(hostName)))
      .default([]),
    meaning: 'more host names to answer to, separated by commas (for a proxy or a LAN name)',
  },
  traceUrl: {
    value: z.string().transform(traceUrl).default(''),
    flag: '--trace-url',
    argument: '<url>',
    meaning: 'address of a trace in your tracing tool, with {trace_id}; runs then link to it',
  },
  runTimeoutSeconds: {
    value: seconds(86_400).default(120),
    meaning: 'how long an agent may take to answer one POST /run',
  },
  jobTimeoutSeconds: {
    value: seconds(2_592_000).default(86_400),
    meaning: 'how long a run in the background is followed',
  },
  runsPerAgent: { value: count(1000).default(4), meaning: 'concurrent runs per agent (slots); more are queued' },
  runsInAll: { value: count(10_000).default(100), meaning: 'concurrent runs on all agents; more are queued' },
  healthIntervalSeconds: { value: seconds(3600).default(10), meaning: 'time between health checks' },
  healthTimeoutSeconds: {
    value: seconds(60).default(3),
    meaning: 'how long an agent may take to answer a health check',
  },
  registerTimeoutSeconds: { value: seconds(60).default(5), meaning: 'the same for the check at registration' },
  keepDays: { value: kept(100_000).default(90), meaning: 'days to keep runs; 0 keeps them for ever' },
  keepRuns: {
    value: kept(1_000_000_000).default(1_000_000),
    meaning: 'always keep this many of the newest runs, whatever their age; 0 keeps all',
  },
  keepFailedDays: {
    value: kept(100_000).default(365),
    meaning: 'days to keep failed and lost runs; 0 keeps them for ever',
  },
  logLevel: {
    value: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('warn'),
    meaning: 'silent, fatal, error, warn, info, debug or trace; the log goes to standard error',
  },
} satisfies Record<string, { value: z.ZodDefault; flag?: string; argument?: string; meaning: string }>

export type SettingName = keyof typeof table
export type Config = { [Name in SettingName]: z.output<(typeof table)[Name]['value']> }
type Setting = { env: string; flag?: string; argument?: string; meaning: string; default: unknown }

export const settings = Object.fromEntries(
  Object.entries(table).map(([name, { value, ...rest }]) => [
    name,
    { env: variableOf(name), default: value.parse(undefined), ...rest },
  ]),
) as Record<SettingName, Setting>

function variableOf(name: string): string {
  return `CONFIGURABLE_AGENTS_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}

export class ConfigError extends Error {}

/** Flags override environment variables. Throws ConfigError. */
export function loadConfig(typed: Partial<Record<SettingName, unknown>> = {}, env = process.env): Config {
  const read = (name: SettingName) => {
    const given = typed[name] ?? (env[settings[name].env] || undefined)
    const result = table[name].value.safeParse(given)
    if (result.success) return [name, result.data]
    const { flag, env: variable } = settings[name]
    const source = typed[name] !== undefined && flag ? flag : variable
    const { message } = result.error.issues[0]!
    throw new ConfigError(`${source}: "${given}" ${message.startsWith('must') ? message : `is not valid (${message})`}`)
  }
  return Object.fromEntries((Object.keys(table) as SettingName[]).map(read)) as Config
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
