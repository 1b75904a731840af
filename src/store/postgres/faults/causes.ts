import { StoreOpenError } from '../../../shared/errors.ts'
import type { FaultCause } from '../../faults/reports.ts'
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

/** Why nothing could be read or written; undefined where the database is not at fault. */
export function causeOf(error: unknown, database: string): FaultCause | undefined {
  const found = troubleOf(error)
  return (
    found && {
      kind: found.kind,
      reason: `${found.what(database)} ${found.cure}; the dashboard then continues by itself.`,
    }
  )
}

/** The same for a dashboard that cannot start. */
export function openError(error: unknown, database: string): unknown {
  const found = troubleOf(error)
  return found ? new StoreOpenError(`${found.what(database)} ${found.cure}, then start again.`) : original(error)
}

function troubleOf(error: unknown): words.Trouble | undefined {
  const found = original(error)
  return byCode[codeOf(found)] ?? (isLost(found) ? words.unreachable(whyLost(found)) : undefined)
}

function whyLost(error: unknown): string {
  const code = codeOf(error)
  if (code === '57P01' || code === '57P02') return 'it was stopped'
  if (code === '57P03') return 'it is starting'
  if (code !== '') return code
  return /timeout/i.test(String((error as Error).message)) ? 'no answer in time' : 'the connection ended'
}
