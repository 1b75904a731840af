import type { Database } from '../database/open.ts'
import type { Session } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import { together } from '../sql/statements.ts'

const maxAtOnce = 20_000
/** So many changes of runs leave so many deltas that reading them with the sums takes some milliseconds. */
const changesBetween = 500
const lockNumber = 4_711_002

const sums = sql`sum(runs), sum(duration), sum(timed), sum(tokens), sum(cost)`
const added = (table: string) =>
  sql.raw(
    `runs = ${table}.runs + excluded.runs, duration = ${table}.duration + excluded.duration,
     timed = ${table}.timed + excluded.timed, tokens = ${table}.tokens + excluded.tokens, cost = ${table}.cost + excluded.cost`,
  )

/** Adds what waits in run_deltas to the sums. Resolves to whether there may be more. */
async function foldSome(session: Session): Promise<boolean> {
  const lock = await session.first<{ isOurs: boolean }>(
    sql`SELECT pg_try_advisory_xact_lock(${lockNumber}) AS "isOurs"`,
  )
  if (!lock!.isOurs) return false
  const taken = await session.first<{ rows: number; from: number; to: number }>(
    together(
      {
        taken: sql`
          DELETE FROM run_deltas WHERE id IN (SELECT id FROM run_deltas ORDER BY id LIMIT ${maxAtOnce}) RETURNING *`,
        hours: sql`
          INSERT INTO run_hours (at, agent, status, runs, duration, timed, tokens, cost)
          SELECT at, agent, status, ${sums} FROM taken GROUP BY at, agent, status
          ON CONFLICT (at, agent, status) DO UPDATE SET ${added('run_hours')}`,
        days: sql`
          INSERT INTO run_days (at, agent, status, runs, duration, timed, tokens, cost)
          SELECT at / 24, agent, status, ${sums} FROM taken GROUP BY at / 24, agent, status
          ON CONFLICT (at, agent, status) DO UPDATE SET ${added('run_days')}`,
        totals: sql`
          INSERT INTO run_totals (at, status, runs, duration, timed, tokens, cost)
          SELECT at / 24, status, ${sums} FROM taken GROUP BY at / 24, status
          ON CONFLICT (at, status) DO UPDATE SET ${added('run_totals')}`,
      },
      sql`SELECT count(*) AS rows, min(at) AS from, max(at) AS to FROM taken`,
    ),
  )
  const { rows, from, to } = taken!
  if (rows === 0) return false
  // What is left of nothing is not quite nothing.
  await session.run(sql`DELETE FROM run_hours WHERE runs = 0 AND at BETWEEN ${from} AND ${to}`)
  for (const table of ['run_days', 'run_totals']) {
    await session.run(
      sql`DELETE FROM ${sql.raw(table)} WHERE runs = 0 AND at BETWEEN ${Math.floor(from / 24)} AND ${Math.floor(to / 24)}`,
    )
  }
  return rows === maxAtOnce
}

export type Folding = {
  changed(): void
  fold(): Promise<void>
  idle(): Promise<void>
}

export function createFolding({ write }: Pick<Database, 'write'>): Folding {
  let changes = 0
  let folding: Promise<void> | undefined

  async function fold(): Promise<void> {
    changes = 0
    while (await write(foldSome, { isSilent: true }));
  }

  return {
    changed() {
      if (++changes < changesBetween || folding) return
      // What could not be folded now is folded after the next changes.
      folding = fold()
        .catch(() => {})
        .finally(() => {
          folding = undefined
        })
    },
    fold,
    idle: () => folding ?? Promise.resolve(),
  }
}
