import type { SQL } from 'drizzle-orm'
import type { Acceptance, Accepted, Decide, Decided, RecordedExchange, RunRecord } from '../../ports/runs.ts'
import { notify } from '../cluster/notices.ts'
import { type Session, storableText } from '../database/session.ts'
import { eq, sql } from '../sql/drizzle.ts'
import { runs, runTexts } from '../sql/schema/runs.ts'
import { texts } from '../sql/statements.ts'
import { findKey, keepKey, schemaKeeper } from './keys.ts'
import { addExchange } from './log.ts'
import { createPlaces } from './places.ts'
import { changeOf, type RunRow, recordOf, rowOf } from './record.ts'
import { createReporting } from './reports.ts'
import { addRun, changeRun, eventOf } from './writing.ts'

export type RunTable = ReturnType<typeof createRunTable>

const whole = ({ db }: Session, which: SQL) =>
  db.select({ run: runs, texts: runTexts }).from(runs).innerJoin(runTexts, eq(runTexts.runId, runs.id)).where(which)

export async function getRun(session: Session, id: string): Promise<RunRecord | undefined> {
  const [row] = await whole(session, eq(runs.id, id))
  return row && recordOf(row)
}

const idsIn = (ids: string[]) => sql`${runs.id} = ANY(${texts(ids)})`

function inOrder(ids: string[], rows: RunRow[]): (RunRecord | undefined)[] {
  const found = new Map(rows.map((row) => [row.run.id, recordOf(row)]))
  return ids.map((id) => found.get(storableText(id)))
}

export const getRuns = async (session: Session, ids: string[]) => inOrder(ids, await whole(session, idsIn(ids)))

/** Until the transaction ends, nobody else changes them. Resolves to how long the texts of each are. */
export async function lockRuns({ rows }: Session, ids: string[]): Promise<(number | undefined)[]> {
  const found = await rows<{ id: string; bytes: number }>(sql`
    SELECT r.id, coalesce(octet_length(w.inputs), 0) + coalesce(octet_length(w.outputs), 0) AS bytes
    FROM runs r JOIN run_texts w ON w.run_id = r.id WHERE r.id = ANY(${texts(ids)}) ORDER BY r.seq FOR UPDATE OF r`)
  const bytesOf = new Map(found.map(({ id, bytes }) => [id, bytes]))
  return ids.map((id) => bytesOf.get(storableText(id)))
}

/** Until the transaction ends, nobody else changes the run. */
async function lockRun(session: Session, id: string): Promise<{ run: RunRecord; owner: string | null } | undefined> {
  const [row] = await whole(session, eq(runs.id, id)).for('update', { of: runs })
  return row && { run: recordOf(row), owner: row.run.owner }
}

/** What changes runs. All of it belongs inside a transaction. */
export function createRunTable(onChange: () => void) {
  const places = createPlaces()

  return {
    async accept(session: Session, { run, key, schemaText }: Acceptance): Promise<Accepted> {
      const known = key && (await findKey(session, key))
      const earlier = known && (await getRun(session, known.runId))
      if (earlier) return { run: earlier, isRepeat: true, isSame: known.inputsHash === key.inputsHash }
      const schema = schemaText === undefined ? undefined : await schemaKeeper(session, schemaText)
      const made = run()
      onChange()
      const row = rowOf(made, schema?.id ?? null)
      await addRun(session, row, () => places.at(made.startedAt), {
        event: eventOf(made.id, { kind: 'accepted', attempt: 0, at: made.startedAt }, 'added'),
        key: key && keepKey(key, made.id),
        schema: schema?.keep,
      })
      return { run: recordOf(rowAsRead(row)), isRepeat: false, isSame: true }
    },

    async change(
      session: Session,
      id: string,
      decide: Decide,
      exchange?: RecordedExchange,
      owner?: string,
    ): Promise<Decided | undefined> {
      const locked = await lockRun(session, id)
      if (!locked) return undefined
      const { run } = locked
      if (owner !== undefined && locked.owner !== owner) return { run, isChanged: false }
      const exchanged = exchange && addExchange(id, exchange)
      const step = decide(run)
      if (!step) {
        if (exchanged) await session.run(exchanged)
        return { run, isChanged: false }
      }
      onChange()
      await changeRun(session, id, changeOf(step.change), { event: eventOf(id, step.event, 'after'), exchanged })
      // Whoever carries it out is to leave it alone.
      if (owner === undefined && locked.owner !== null) await notify(session, { owner: locked.owner, granted: [] })
      return { run: { ...run, ...step.change }, isChanged: true }
    },

    report: createReporting({ places, lockRuns, getRuns, onChange }),
  }
}

const nothing = {
  run: {
    ...{ seq: 0, completedAt: null, duration: null, tokens: null, cost: null, error: null, inputLine: null },
    ...{ reportedAt: null, sentAt: null, jobId: null, polls: null, owner: null, holdsSlot: false },
  },
  texts: { outputs: null, error: null, errorFields: null, config: null, bottleneck: null },
}

/** As it is read after it was written. */
function rowAsRead({ run, texts }: ReturnType<typeof rowOf>) {
  return { run: { ...nothing.run, ...run }, texts: { ...nothing.texts, ...texts } } as Parameters<typeof recordOf>[0]
}
