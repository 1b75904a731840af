import type { SlotHolder, SlotLimits } from '../../ports/cluster.ts'
import { slotChannel } from '../database/others.ts'
import type { Session } from '../database/session.ts'
import { isUnfinished } from '../runs/summaries.ts'
import { sql } from '../sql/drizzle.ts'
import { owners } from './members.ts'

/** Where there are more, of one agent or of all, they come at the next time. */
const maxAtOnce = 1000

/** Belongs to whoever has the turn. */
export async function setSlots(session: Session, owner: string, runIds: string[], isHeld: boolean): Promise<void> {
  if (runIds.length === 0) return
  await session.run(sql`
    UPDATE runs SET holds_slot = ${isHeld}
    WHERE id = ANY(${sql.param(runIds)}::text[]) AND owner = ${owner} AND ${isUnfinished}`)
}

/** Belongs to whoever has the turn. */
export async function grantSlots(session: Session, own: string, { perAgent, inAll }: SlotLimits): Promise<void> {
  const granted = await session.rows<{ owner: string }>(sql`
    WITH taken AS (
      SELECT agent_id, count(*) AS slots FROM runs WHERE holds_slot GROUP BY agent_id
    ), waiting AS (
      SELECT seq, agent_id, row_number() OVER (PARTITION BY agent_id ORDER BY seq) AS place FROM (
        SELECT seq, agent_id FROM runs
        WHERE ${isUnfinished} AND status = 'pending' AND NOT holds_slot AND owner IN (${owners})
        ORDER BY seq LIMIT ${maxAtOnce}
      ) AS oldest
    ), granted AS (
      SELECT seq FROM waiting LEFT JOIN taken USING (agent_id)
      WHERE place <= ${perAgent}::bigint - coalesce(slots, 0)
      ORDER BY seq LIMIT greatest(0, ${inAll}::bigint - (SELECT coalesce(sum(slots), 0) FROM taken))
    )
    UPDATE runs SET holds_slot = true FROM granted WHERE runs.seq = granted.seq AND status = 'pending' AND NOT holds_slot
    RETURNING owner`)
  const others = new Set(granted.flatMap(({ owner }) => (owner === own ? [] : [owner])))
  if (others.size > 0) await session.run(sql`SELECT pg_notify(${slotChannel}, ${[...others].join(' ')})`)
}

export const slotHolders = ({ rows }: Session): Promise<SlotHolder[]> =>
  rows(sql`SELECT id AS "runId", agent_id AS "agentId" FROM runs WHERE holds_slot ORDER BY seq`)
