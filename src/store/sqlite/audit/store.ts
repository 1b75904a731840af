import { isPosition, readPosition, recorded, rowOf } from '../../audit/rows.ts'
import type { AuditFilter, AuditStore } from '../../ports/audit.ts'
import type { Store } from '../file/open.ts'
import { and, asc, desc, eq, gte, inArray, lt, sql } from '../sql/drizzle.ts'
import { placeholders } from '../sql/placeholders.ts'
import { audit } from '../sql/schema/audit.ts'

const prunedAtOnce = 500
const silently = { isSilent: true, isRepeatable: true }

export function createAuditStore({ db, write }: Pick<Store, 'db' | 'write'>): AuditStore {
  const add = db
    .insert(audit)
    .values(placeholders(audit, ['id']))
    .prepare()
  const names = db.$client
    .prepare<[number], string>(
      `WITH RECURSIVE names (name) AS (
        SELECT min(actor_name) FROM dashboard_audit
        UNION ALL SELECT (SELECT min(actor_name) FROM dashboard_audit WHERE actor_name > name) FROM names
        WHERE name IS NOT NULL LIMIT ?
      ) SELECT name FROM names WHERE name IS NOT NULL`,
    )
    .pluck()

  return {
    add: (entries) => write(() => entries.forEach((entry) => void add.run(rowOf(entry))), silently),

    async list(filter, { max, older, newer }) {
      const isBackward = newer !== undefined
      const order = isBackward ? asc : desc
      const isBeyond = [
        older === undefined ? undefined : sql`${key} < ${keyOf(older)}`,
        newer === undefined ? undefined : sql`${key} > ${keyOf(newer)}`,
      ]
      const rows = db
        .select()
        .from(audit)
        .where(and(...conditions(filter), ...isBeyond))
        .orderBy(order(audit.at), order(audit.id))
        .limit(max)
        .all()
      return (isBackward ? rows.reverse() : rows).map(recorded)
    },

    actorNames: async (max) => names.all(max),

    isPosition,

    prune: (before) =>
      write(() => {
        const old = db.select({ id: audit.id }).from(audit).where(lt(audit.at, before)).limit(prunedAtOnce)
        return db.delete(audit).where(inArray(audit.id, old)).run().changes === prunedAtOnce
      }, silently),
  }
}

const key = sql`(${audit.at}, ${audit.id})`

function keyOf(text: string) {
  const { at, id } = readPosition(text)
  return sql`(${at}, ${id})`
}

function conditions({ actorName, action, agentId, subjectId, from, to }: AuditFilter) {
  return [
    actorName === undefined ? undefined : eq(audit.actorName, actorName),
    action === undefined ? undefined : eq(audit.action, action),
    agentId === undefined ? undefined : eq(audit.agentId, agentId),
    subjectId === undefined ? undefined : eq(audit.subjectId, subjectId),
    from === undefined ? undefined : gte(audit.at, from),
    to === undefined ? undefined : lt(audit.at, to),
  ]
}
