import type { ClusterStore } from '../../ports/cluster.ts'
import type { Database } from '../database/open.ts'
import { getState, setState } from '../database/state.ts'
import { takeTurn } from '../database/turns.ts'
import { isUnfinished } from '../runs/summaries.ts'
import { sql } from '../sql/drizzle.ts'
import { createCounts } from './counts.ts'
import { createSharedHealth } from './health.ts'
import { compareKey } from './keys.ts'
import { lead } from './leases.ts'
import * as members from './members.ts'
import { grantSlots, setSlots, slotHolders } from './slots.ts'

const noteKey = (name: string) => `note-${name}`

export function createClusterStore({
  read,
  readMoment,
  write,
  onNotice,
  onNews,
  tell,
  told,
  heard,
}: Pick<Database, 'read' | 'readMoment' | 'write' | 'onNotice' | 'onNews' | 'tell' | 'told' | 'heard'>): ClusterStore {
  const urgently = { isSilent: true, isUrgent: true }

  return {
    join: ({ name, version }, ttlMs) => write((session) => members.join(session, name, version, ttlMs), urgently),
    renew: (id, ttlMs) => write((session) => members.renew(session, id, ttlMs), urgently),
    leave: (id) =>
      write(async (session) => {
        await members.leave(session, id)
        await tell(session)
      }, urgently),
    now: () => read(members.now),
    dashboards: () => read(members.all),
    compareKey: (name, check = '') => write((session) => compareKey(session, name, check), urgently),
    told,
    heard,

    lead: (name, id, ttlMs) => write((session) => lead(session, name, id, ttlMs), urgently),

    counts: createCounts({ read, write }),
    note: (name) => read(async (session) => (await getState(session, [noteKey(name)]))[noteKey(name)] || undefined),
    takeNote: (name, text = '') => write((session) => setState(session, noteKey(name), text), urgently),

    health: createSharedHealth({ read, readMoment, write, onNews }),

    takeUp: (id, ttlMs, max) =>
      write(async (session) => {
        await takeTurn(session, 'slots')
        // It may have told nobody of its last changes.
        if (await members.giveUpLapsed(session, id, ttlMs)) await tell(session)
        // What is with an agent keeps its slot: work in progress cannot wait.
        const taken = await session.rows<{ id: string }>(sql`
          WITH found AS (
            SELECT seq FROM runs WHERE ${isUnfinished} AND (owner IS NULL OR owner NOT IN (${members.owners}))
            ORDER BY seq LIMIT ${max} FOR UPDATE SKIP LOCKED
          )
          UPDATE runs SET owner = ${id}, holds_slot = holds_slot AND status = 'running'
          WHERE seq = ANY(ARRAY(SELECT seq FROM found)) AND ${id} IN (${members.owners}) RETURNING id`)
        return taken.map((run) => run.id)
      }, urgently),

    onNotice,

    slots: (id, limits, { held, released }) =>
      write(async (session) => {
        await takeTurn(session, 'slots')
        await setSlots(session, id, held, released)
        return grantSlots(session, id, limits)
      }, urgently),

    holders: () => read(slotHolders),
  }
}
