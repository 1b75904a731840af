import type { z } from 'zod'
import { shownMistake } from './database.ts'
import { readSecretFile } from './secret-file.ts'

/** `mayHoldSecret`: a variable with `_FILE` may name a file with it. */
type Flagged = { flag?: string; argument?: string; isSecret?: never; mayHoldSecret?: true }
/** Never printed, and never a flag: other users of the machine can see those. Its variable with `_FILE` names a file. */
type Secret = { isSecret: true; flag?: never; argument?: never; mayHoldSecret?: never }

type Row = { value: z.ZodDefault; meaning: string } & (Flagged | Secret)
export type Table = Record<string, Row>
export type Values<T extends Table> = { [Name in keyof T]: z.output<T[Name]['value']> }
export type Typed<T extends Table> = { [Name in keyof T]?: unknown }
type Environment = Record<string, string | undefined>

type Setting = {
  env: string
  /** Of what is or may hold a secret: the variable that names a file with it. */
  fileEnv?: string
  flag?: string
  argument?: string
  meaning: string
  default: unknown
}

export class ConfigError extends Error {}

export function settingsOf<T extends Table>(table: T) {
  return Object.fromEntries(
    Object.entries(table).map(([name, { value, isSecret, mayHoldSecret, ...rest }]) => {
      const env = variableOf(name)
      const fileEnv = (isSecret || mayHoldSecret) && `${env}_FILE`
      return [name, { env, ...(fileEnv && { fileEnv }), default: value.parse(undefined), ...rest }]
    }),
  ) as Record<keyof T, Setting>
}

/** Flags override environment variables. Throws ConfigError. */
export function readSettings<T extends Table>(table: T, typed: Typed<T>, env: Environment): Values<T> {
  return Object.fromEntries(
    Object.entries(table).map(([name, row]) => [name, readSetting(name, row, typed[name], env)]),
  ) as Values<T>
}

function readSetting(name: string, row: Row, typed: unknown, env: Environment): unknown {
  const { value, flag, isSecret, mayHoldSecret } = row
  const variable = variableOf(name)
  const isInFile = mayHoldSecret && typed === undefined && env[`${variable}_FILE`]
  if (isSecret || isInFile) return readSecret(variable, value, env)
  const given = typed ?? (env[variable] || undefined)
  const result = value.safeParse(given)
  if (result.success) return result.data
  const shown = mayHoldSecret ? shownMistake(String(given)) : withoutPassword(given)
  throw new ConfigError(`${typed !== undefined && flag ? flag : variable}: "${shown}" ${complaintOf(result.error)}`)
}

/** Of an address. */
const withoutPassword = (given: unknown) => String(given).replace(/(:\/\/[^/@\s:]*):.*@/, '$1@')

function readSecret(variable: string, value: z.ZodDefault, env: Environment): unknown {
  const [given, file] = [env[variable] || undefined, env[`${variable}_FILE`] || undefined]
  if (given !== undefined && file !== undefined)
    throw new ConfigError(`${variable} and ${variable}_FILE are both set. Unset one of them.`)
  const source = file === undefined ? variable : `${variable}_FILE`
  try {
    const result = value.safeParse(file === undefined ? given : readSecretFile(file))
    if (result.success) return result.data
    throw new Error(complaintOf(result.error))
  } catch (error) {
    throw new ConfigError(`${source}: ${file === undefined ? 'the value' : `"${file}"`} ${(error as Error).message}`)
  }
}

function complaintOf({ issues }: z.ZodError): string {
  const { message } = issues[0]!
  return message.startsWith('must') ? message : `is not valid (${message})`
}

function variableOf(name: string): string {
  return `CONFIGURABLE_AGENTS_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
