import { dayMs, hourMs } from '../../../shared/time/durations.ts'
import { firstDatedSeq, seqAt } from '../../history/ranges.ts'
import type { DeletedRuns } from '../../ports/upkeep.ts'
import type { Session } from '../database/session.ts'
import { getState, setState } from '../database/state.ts'
import { deleteRuns } from '../runs/deletion.ts'
import { sql } from '../sql/drizzle.ts'

export type OldRuns = { status: string; before: number }[]

const maxInStep = 200
const keys = { runs: 'let_go_runs', firstAt: 'let_go_first_at', lastAt: 'let_go_last_at' }
const dayOf = (seq: number) => Math.floor(seq / seqAt(dayMs))
const hourOf = (seq: number) => Math.floor(seq / seqAt(hourMs))

export async function isAnyOld({ first }: Session, old: OldRuns): Promise<boolean> {
  for (const { status, before } of old) {
    const found = await first(
      sql`SELECT FROM runs WHERE status = ${status} AND seq >= ${firstDatedSeq} AND seq < ${before} LIMIT 1`,
    )
    if (found) return true
  }
  return false
}

/** Whole days and hours by their sums, the rest run by run. */
export async function countOld({ first }: Session, old: OldRuns): Promise<number> {
  let all = 0
  for (const { status, before } of old) {
    const [day, hour] = [dayOf(before), hourOf(before)]
    const firstHour = Math.max((day * dayMs) / hourMs, hourOf(firstDatedSeq))
    const from = Math.max(seqAt(hour * hourMs), firstDatedSeq)
    const found = await first<{ runs: number }>(sql`
      SELECT (SELECT coalesce(sum(runs), 0) FROM run_totals_now
              WHERE at >= ${dayOf(firstDatedSeq)} AND at < ${day} AND status = ${status})
        + (SELECT coalesce(sum(runs), 0) FROM run_hours_now WHERE at >= ${firstHour} AND at < ${hour} AND status = ${status})
        + (SELECT count(*) FROM runs WHERE seq >= ${from} AND seq < ${before} AND status = ${status}) AS runs`)
    all += found!.runs
  }
  return all
}

export async function deleteSomeOld(session: Session, old: OldRuns, now: number): Promise<{ deleted: number }> {
  for (const { status, before } of old) {
    const oldest = sql`
      SELECT seq FROM runs WHERE status = ${status} AND seq >= ${firstDatedSeq} AND seq < ${before}
      ORDER BY seq LIMIT ${maxInStep}`
    const { length: deleted } = await deleteRuns(session, sql`seq IN (${oldest}) AND status = ${status}`)
    if (deleted === 0) continue
    const known = await deletedRuns(session)
    await setState(session, keys.runs, String(known.runs + deleted))
    if (known.firstAt === undefined) await setState(session, keys.firstAt, String(now))
    await setState(session, keys.lastAt, String(now))
    return { deleted }
  }
  return { deleted: 0 }
}

export async function deletedRuns(session: Session): Promise<DeletedRuns> {
  const state = await getState(session, Object.values(keys))
  const number = (key: string) => (state[key] === undefined ? undefined : Number(state[key]))
  return { runs: number(keys.runs) ?? 0, firstAt: number(keys.firstAt), lastAt: number(keys.lastAt) }
}

/** The seq of the last of the newest `wanted` runs, or 0 where there are no more. */
export async function seqOfNewest({ first }: Session, wanted: number): Promise<number> {
  const day = await first<{ at: number; newer: number }>(sql`
    SELECT at, upto - runs AS newer FROM (
      SELECT at, sum(runs) AS runs, sum(sum(runs)) OVER (ORDER BY at DESC) AS upto FROM run_totals_now GROUP BY at
    ) AS days WHERE upto > ${wanted} ORDER BY at DESC LIMIT 1`)
  if (!day) return 0
  const left = wanted - day.newer
  const before = seqAt((day.at + 1) * dayMs)
  if (left <= 0) return before
  const found = await first<{ seq: number }>(
    sql`SELECT seq FROM runs WHERE seq < ${before} ORDER BY seq DESC LIMIT 1 OFFSET ${left - 1}`,
  )
  return found?.seq ?? 0
}
