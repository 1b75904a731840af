import type { NodeState, NodeStates } from '../../ports/node-states.ts'
import type { Session } from '../database/session.ts'
import { and, eq, sql } from '../sql/drizzle.ts'
import { nodeStates } from '../sql/schema/runs.ts'

/** How much is read for a page. */
const maxCharactersOfPage = 2 * 1024 * 1024
/** To read the beginning of a state takes as long as to read it. */
const maxBytesOfPage = 16 * 1024 * 1024
/** More than any run has, and few enough to be listed. */
const maxStates = 10_000

type Head = Omit<NodeState, 'beginning'>
type Page = { from: number; max: number; maxCharacters: number }

export async function statesOf(session: Session, runId: string, page: Page): Promise<NodeStates> {
  const { from, max, maxCharacters } = page
  const counted = await session.first<{ total: number }>(sql`
    SELECT count(*) AS total FROM (SELECT FROM ${nodeStates} WHERE run_id = ${runId} LIMIT ${maxStates}) AS states`)
  const first = Math.max(0, from - 1)
  const heads = await session.rows<Head & { savedAt: number | null }>(sql`
    SELECT id, node, saved_at AS "savedAt", octet_length(state) AS bytes FROM ${nodeStates}
    WHERE run_id = ${runId} ORDER BY id LIMIT ${max + from - first} OFFSET ${first}`)
  const found = heads.map((head) => ({ ...head, savedAt: head.savedAt ?? Number.NaN }))
  const previous = from > first ? found.shift() : undefined
  return { total: counted!.total, previous, states: await withBeginnings(session, found, maxCharacters) }
}

async function withBeginnings({ first }: Session, states: Head[], maxCharacters: number): Promise<NodeState[]> {
  const found: NodeState[] = []
  const left = { characters: maxCharactersOfPage, bytes: maxBytesOfPage }
  for (const state of states) {
    left.bytes -= state.bytes
    const read =
      left.bytes < 0 || left.characters < 0
        ? undefined
        : await first<{ text: string }>(
            sql`SELECT left(state, ${maxCharacters}) AS text FROM ${nodeStates} WHERE id = ${state.id}`,
          )
    found.push({ ...state, beginning: read?.text })
    left.characters -= read?.text.length ?? 0
  }
  return found
}

export async function stateText({ db }: Session, runId: string, id: number): Promise<string | undefined> {
  const { state } = nodeStates
  const isIt = and(eq(nodeStates.id, id), eq(nodeStates.runId, runId))
  return (await db.select({ state }).from(nodeStates).where(isIt))[0]?.state
}
