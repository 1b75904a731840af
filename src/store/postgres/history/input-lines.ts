import { payloadLine } from '../../../shared/json/line.ts'
import type { Session } from '../database/session.ts'
import { getState, setState } from '../database/state.ts'
import { sql } from '../sql/drizzle.ts'

/** Lines of another version are made anew: increase it when `payloadLine` changes. */
const version = 1
const key = 'input_lines'
const atOnce = 50
/** Of inputs: a line has 120. */
const maxCharacters = 100_000

/** Below which seq lines are left to write; undefined for lines of another version. */
async function left(session: Session): Promise<number | undefined> {
  const { [key]: kept } = await getState(session, [key])
  const [known, below] = kept?.split(' ').map(Number) ?? []
  return known === version ? below : undefined
}

/** Where nothing is known of them, all lines are left to write. */
export async function beginInputLines(session: Session): Promise<void> {
  if ((await left(session)) === undefined) await setState(session, key, `${version} ${Number.MAX_SAFE_INTEGER}`)
}

/** Writes some, newest first. Resolves to whether there was one to write. */
export async function addInputLines(session: Session): Promise<boolean> {
  const below = await left(session)
  if (!below) return false
  const runs = await session.rows<{ seq: number; inputs: string | null }>(sql`
    SELECT seq, left(inputs, ${maxCharacters}) AS inputs FROM runs JOIN run_texts ON run_id = id
    WHERE seq < ${below} ORDER BY seq DESC LIMIT ${atOnce}`)
  const seqs = runs.map(({ seq }) => seq)
  const lines = runs.map(({ inputs }) => payloadLine(inputs))
  await session.run(sql`
    UPDATE runs SET input_line = line FROM unnest(${sql.param(seqs)}::bigint[], ${sql.param(lines)}::text[]) AS read(place, line)
    WHERE seq = place AND input_line IS DISTINCT FROM line`)
  await setState(session, key, `${version} ${runs.length < atOnce ? 0 : runs.at(-1)!.seq}`)
  return true
}
