import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { isPosition, readPosition, recorded, rowOf } from '../../audit/rows.ts'
import type { AuditFilter, AuditStore } from '../../ports/audit.ts'
import type { Database } from '../database/open.ts'
import { and, asc, desc, eq, gte, lt, sql } from '../sql/drizzle.ts'
import { audit, beginning } from '../sql/schema/audit.ts'

const prunedAtOnce = 500
const silently = { isSilent: true }
const key = sql`(${audit.at}, ${audit.id})`

export function createAuditStore({ read, write }: Pick<Database, 'read' | 'write'>): AuditStore {
  return {
    add: (entries) =>
      write(
        async ({ db }) => {
          for (const entry of entries) await db.insert(audit).values(rowOf(entry))
        },
        { isSilent: true, isPrepared: true },
      ),

    async list(filter, { max, older, newer }) {
      const isBackward = newer !== undefined
      const order = isBackward ? asc : desc
      const isBeyond = [
        older === undefined ? undefined : sql`${key} < ${keyOf(older)}`,
        newer === undefined ? undefined : sql`${key} > ${keyOf(newer)}`,
      ]
      const rows = await read(({ db }) =>
        db
          .select()
          .from(audit)
          .where(and(...conditions(filter), ...isBeyond))
          .orderBy(order(audit.at), order(audit.id))
          .limit(max),
      )
      return (isBackward ? rows.reverse() : rows).map(recorded)
    },

    async actorNames(max) {
      // From one to the next by the index: there are few names, and many entries of each.
      const name = beginning(audit.actorName)
      const names = await read(({ rows }) =>
        rows<{ name: string }>(sql`
          WITH RECURSIVE names (name) AS (
            (SELECT ${name} FROM ${audit} ORDER BY ${name} LIMIT 1)
            UNION ALL SELECT next.name FROM names, LATERAL (
              SELECT ${name} AS name FROM ${audit} WHERE ${name} > names.name ORDER BY ${name} LIMIT 1
            ) AS next
          ) SELECT name FROM names LIMIT ${max}`),
      )
      return names.map(({ name }) => name)
    },

    isPosition,

    prune: (before) =>
      write(async ({ run }) => {
        const old = sql`SELECT id FROM ${audit} WHERE ${lt(audit.at, before)} LIMIT ${prunedAtOnce}`
        return (await run(sql`DELETE FROM ${audit} WHERE id IN (${old})`)) === prunedAtOnce
      }, silently),
  }
}

function keyOf(text: string) {
  const { at, id } = readPosition(text)
  return sql`(${at}::bigint, ${id}::bigint)`
}

function conditions({ actorName, action, agentId, subjectId, from, to }: AuditFilter) {
  return [
    isText(audit.actorName, actorName),
    action === undefined ? undefined : eq(audit.action, action),
    isText(audit.agentId, agentId),
    isText(audit.subjectId, subjectId),
    from === undefined ? undefined : gte(audit.at, from),
    to === undefined ? undefined : lt(audit.at, to),
  ]
}

/** By the index, which has the beginning of the text. */
function isText(column: AnyPgColumn, text: string | undefined) {
  return text === undefined ? undefined : sql`(${beginning(column)} = left(${text}, 255) AND ${column} = ${text})`
}
