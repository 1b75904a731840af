import type { Database, Statement } from 'better-sqlite3'

export type Volume = {
  /** How many bytes changes were given since it was last asked. */
  taken(): number
}

/** Counts the texts that are written: SQLite does not say how much room a change needed that found none. */
export function countVolume(sqlite: Database): Volume {
  const prepare = sqlite.prepare.bind(sqlite) as (sql: string) => Statement
  let bytes = 0
  sqlite.prepare = ((sql: string) => {
    const statement = prepare(sql)
    if (statement.readonly) return statement
    for (const name of ['run', 'get', 'all'] as const) {
      const call = statement[name].bind(statement) as (...given: unknown[]) => never
      statement[name] = (...given: unknown[]) => {
        bytes += sizeOf(given)
        return call(...given)
      }
    }
    return statement
  }) as Database['prepare']

  return {
    taken() {
      const sum = bytes
      bytes = 0
      return sum
    },
  }
}

function sizeOf(given: unknown): number {
  if (typeof given === 'string') return given.length
  if (typeof given !== 'object' || given === null) return 0
  if (given instanceof Uint8Array) return given.byteLength
  let sum = 0
  for (const one of Array.isArray(given) ? given : Object.values(given)) sum += sizeOf(one)
  return sum
}
