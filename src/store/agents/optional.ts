import type { AgentRecord } from '../ports/agents.ts'

type Optional = Pick<
  AgentRecord,
  | ('ttlSeconds' | 'checkIntervalSeconds' | 'checkTimeoutSeconds' | 'givenDescription')
  | ('credential' | 'ca' | 'fingerprint' | 'healthPath')
>
type Columns = { [Name in keyof Optional]-?: Exclude<Optional[Name], undefined> | null }
type OrNull<Row> = { [Name in keyof Row]: Exclude<Row[Name], undefined> | (undefined extends Row[Name] ? null : never) }

/** What of an agent's row may be null is undefined for all others. */
export function optionalOf(row: Columns): Optional {
  return {
    ttlSeconds: row.ttlSeconds ?? undefined,
    checkIntervalSeconds: row.checkIntervalSeconds ?? undefined,
    checkTimeoutSeconds: row.checkTimeoutSeconds ?? undefined,
    givenDescription: row.givenDescription ?? undefined,
    credential: row.credential ?? undefined,
    ca: row.ca ?? undefined,
    fingerprint: row.fingerprint ?? undefined,
    healthPath: row.healthPath ?? undefined,
  }
}

export const orNull = <Given extends object>(given: Given) =>
  Object.fromEntries(Object.entries(given).map(([column, value]) => [column, value ?? null])) as OrNull<Given>
