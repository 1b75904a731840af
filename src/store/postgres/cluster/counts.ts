import type { Counts } from '../../ports/cluster.ts'
import type { Database } from '../database/open.ts'
import { sql } from '../sql/drizzle.ts'
import { databaseNow } from './members.ts'

const isSilent = { isSilent: true }

export function createCounts({ read, write }: Pick<Database, 'read' | 'write'>): Counts {
  return {
    count: (key, ms) =>
      write(async ({ run, first }) => {
        await run(sql`DELETE FROM counts WHERE until <= ${databaseNow}`)
        const counted = await first<{ times: number; leftMs: number }>(sql`
          INSERT INTO counts (key, times, until) VALUES (${key}, 1, ${databaseNow} + ${ms}::bigint)
          ON CONFLICT (key) DO UPDATE SET times = counts.times + 1
          RETURNING times, until - ${databaseNow} AS "leftMs"`)
        return { times: counted!.times, leftMs: Number(counted!.leftMs) }
      }, isSilent),

    isCounted: (start) =>
      read(async ({ first }) => {
        const found = await first(sql`SELECT 1 FROM counts WHERE starts_with(key, ${start}) AND until > ${databaseNow}`)
        return found !== undefined
      }),

    forget: (start) =>
      write(async ({ run }) => void (await run(sql`DELETE FROM counts WHERE starts_with(key, ${start})`)), isSilent),
  }
}
