import { looseValue } from '../../../shared/json.ts'
import type { GoodSign, HealthNews, RunNotice } from '../../ports/cluster.ts'
import type { Session } from '../database/session.ts'
import { maxNoticeBytes } from '../database/telling.ts'
import { sql } from '../sql/drizzle.ts'

/** The payload is the id of a dashboard, and those of its runs that were given slots. */
export const noticeChannel = 'configurable_agents_runs'

/** The payload is what is new of the health of agents: `asked`, `told`, or a good sign in JSON. */
export const healthChannel = 'configurable_agents_health'

/** Their ids, of at most 255 bytes each, fit into a notice. */
const maxIds = 30

/** Heard when the transaction is committed. */
export async function notify({ run }: Session, { owner, granted }: RunNotice): Promise<void> {
  for (let from = 0; from === 0 || from < granted.length; from += maxIds) {
    const payload = [owner, ...granted.slice(from, from + maxIds)].join(' ')
    await run(sql`SELECT pg_notify(${noticeChannel}, ${payload})`)
  }
}

export function noticeOf(payload: string): RunNotice {
  const [owner = '', ...granted] = payload.split(' ')
  return { owner, granted }
}

export async function noteGood({ run }: Session, found: GoodSign[]): Promise<void> {
  const payloads = sql.param(found.map((one) => JSON.stringify(one)))
  await run(sql`
    SELECT pg_notify(${healthChannel}, payload) FROM unnest(${payloads}::text[]) AS noted(payload)
    WHERE octet_length(payload) < ${maxNoticeBytes}`)
}

export function healthNewsOf(payload: string): HealthNews {
  if (payload === 'asked' || payload === 'told') return payload
  return (looseValue(payload) as GoodSign | undefined) ?? 'told'
}
