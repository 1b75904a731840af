import type { SlotHolder, SlotLimits } from '../../ports/cluster.ts'
import type { Session } from '../database/session.ts'
import { isUnfinished } from '../runs/summaries.ts'
import { sql } from '../sql/drizzle.ts'
import { texts } from '../sql/statements.ts'
import { owners } from './members.ts'
import { notify } from './notices.ts'

/** As the index of those has it. */
const isWaiting = sql`status = 'pending' AND NOT holds_slot AND reported_at IS NULL`

/** Belongs to whoever has the turn. */
export async function setSlots(session: Session, owner: string, held: string[], released: string[]): Promise<void> {
  if (held.length + released.length === 0) return
  await session.run(sql`
    UPDATE runs SET holds_slot = id = ANY(${texts(held)})
    WHERE id = ANY(${texts([...held, ...released])}) AND owner = ${owner} AND ${isUnfinished}`)
}

/** Belongs to whoever has the turn. Resolves to all that have a slot then. However many wait, and however long the
 * history is, it reads a few rows of each agent that has waiting runs. */
export async function grantSlots(
  session: Session,
  own: string,
  { perAgent, inAll }: SlotLimits,
): Promise<SlotHolder[]> {
  const found = await session.rows<SlotHolder & { grantedTo: string | null }>(sql`
    WITH RECURSIVE taken AS (
      SELECT agent_id, count(*) AS slots FROM runs WHERE holds_slot GROUP BY agent_id
    ), agents AS (
      (SELECT agent_id FROM runs WHERE ${isWaiting} AND agent_id IS NOT NULL ORDER BY agent_id LIMIT 1)
      UNION ALL
      SELECT (SELECT agent_id FROM runs WHERE ${isWaiting} AND agent_id > agents.agent_id ORDER BY agent_id LIMIT 1)
      FROM agents WHERE agent_id IS NOT NULL
    ), next AS (
      SELECT oldest.seq FROM agents LEFT JOIN taken USING (agent_id), LATERAL (
        SELECT seq FROM runs WHERE ${isWaiting} AND agent_id = agents.agent_id AND owner IN (${owners})
        ORDER BY seq LIMIT greatest(0, ${perAgent}::bigint - coalesce(slots, 0))
      ) AS oldest
      ORDER BY seq LIMIT greatest(0, ${inAll}::bigint - (SELECT coalesce(sum(slots), 0) FROM taken))
    ), granted AS (
      UPDATE runs SET holds_slot = true
      WHERE seq = ANY(ARRAY(SELECT seq FROM next)) AND status = 'pending' AND NOT holds_slot
      RETURNING seq, id, agent_id, owner
    )
    SELECT id AS "runId", agent_id AS "agentId", owner AS "grantedTo" FROM (
      SELECT seq, id, agent_id, NULL AS owner FROM runs WHERE holds_slot UNION ALL SELECT * FROM granted
    ) AS holders ORDER BY seq`)
  const granted = Map.groupBy(found, ({ grantedTo }) => grantedTo)
  for (const [owner, those] of granted) {
    if (owner !== null && owner !== own) await notify(session, { owner, granted: those.map(({ runId }) => runId) })
  }
  return found.map(({ runId, agentId }) => ({ runId, agentId }))
}

export const slotHolders = ({ rows }: Session): Promise<SlotHolder[]> =>
  rows(sql`SELECT id AS "runId", agent_id AS "agentId" FROM runs WHERE holds_slot ORDER BY seq`)
