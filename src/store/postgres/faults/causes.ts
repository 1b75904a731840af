import pg from 'pg'
import { StoreOpenError } from '../../../shared/errors.ts'
import { type FaultCause, faultAt } from '../../faults/cause.ts'
import { codeOf, isLost, original } from './errors.ts'
import * as words from './words.ts'

const byCode: Record<string, words.Trouble> = {
  '53300': words.withoutConnection,
  '28000': words.refused,
  '28P01': words.refused,
  '42501': words.refused,
  '3D000': words.absent,
  '42P01': words.incomplete,
  '42703': words.incomplete,
  '53100': words.full,
  '25006': words.readOnly,
  '58030': words.diskError,
  XX001: words.damaged,
  XX002: words.damaged,
}

/** Of statements and rows that do not fit the tables. */
const ofTables = /^(?:42P01|42703|42P10|42804|42883|23502|23514)$/

const ofCertificate = /^(?:CERT_|DEPTH_|SELF_SIGNED|UNABLE_|ERR_TLS_CERT_)/

/** Why nothing could be read or written; undefined where the database is not at fault. */
export function causeOf(error: unknown, database: string, isOutdated = false): FaultCause | undefined {
  if (isOutdated && ofTables.test(codeOf(original(error)))) return faultOf(words.outdated, database, '')
  const found = troubleOf(error)
  return found && faultOf(found, database, '; the dashboard then continues by itself')
}

function faultOf({ kind, what, cure }: words.Trouble, place: string, end: string): FaultCause {
  return faultAt(kind, { place, unnamed: words.unnamed }, (database) => `${what(database)} ${cure}${end}.`)
}

/** What to warn of as soon as it is known: most changes of tables leave older versions room to go on. */
export const newerVersion = (place: string): FaultCause => faultOf(words.newer, place, '')

/** The same for a dashboard that cannot start. */
export function openError(error: unknown, database: string): unknown {
  const found = troubleOf(error) ?? refusalOf(original(error))
  return found ? new StoreOpenError(`${found.what(database)} ${found.cure}, then start again.`) : original(error)
}

function troubleOf(error: unknown): words.Trouble | undefined {
  const found = original(error)
  if (ofCertificate.test(codeOf(found))) return words.untrusted(codeOf(found))
  return byCode[codeOf(found)] ?? byDriver(found) ?? (isLost(found) ? words.unreachable(whyLost(found)) : undefined)
}

/** The driver has no codes. */
function byDriver(error: unknown): words.Trouble | undefined {
  const message = String((error as Error | undefined)?.message)
  if (/^SASL: .*client password must be/.test(message)) return words.withoutPassword
  return message === 'The server does not support SSL connections' ? words.withoutTls : undefined
}

/** Whatever else PostgreSQL says to who comes in, and what the driver says of the address. */
function refusalOf(error: unknown): words.Trouble | undefined {
  const { message } = (error ?? {}) as Error
  if (error instanceof pg.DatabaseError) {
    const key = error.code === '23505' && error.detail ? ` (${error.detail.replace(/\.$/, '')})` : ''
    return words.refusedWith(message + key)
  }
  return /^(?:SASL|SCRAM)\b|\bSSL\b/.test(message) ? words.refusedWith(message) : undefined
}

function whyLost(error: unknown): string {
  const code = codeOf(error)
  if (code === '57P01' || code === '57P02') return 'it was stopped'
  if (code === '57P03') return 'it is starting'
  if (code !== '') return code
  return /timeout/i.test(String((error as Error).message)) ? 'no answer in time' : 'the connection ended'
}
