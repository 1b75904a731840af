import type { ExportedRun, KeptTexts } from '../../ports/history.ts'
import type { RunOrder } from '../../ports/run-pages.ts'
import type { RunSelection } from '../../ports/run-selection.ts'
import type { Ask } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import { asManyAsFit } from './as-many.ts'
import { foundRun, type ListedRow, walk } from './pages.ts'
import type { Limits } from './reading.ts'

const maxRows = 500
const maxTogether = 25
const maxBytes = 256 * 1024

export const textsOf = (ask: Ask, id: string): Promise<KeptTexts | undefined> =>
  ask.first(sql`SELECT inputs, outputs, error, trace_id AS "traceId" FROM run_texts WHERE run_id = ${id}`)

/** Some at a time: whoever reads slowly holds no transaction open. */
export async function* exported(
  ask: Ask,
  selection: RunSelection,
  order: RunOrder,
  limits: Limits,
): AsyncGenerator<ExportedRun[]> {
  for await (const rows of walk(ask, selection, order, maxRows, limits)) {
    for (let at = 0; at < rows.length; ) {
      const some = await fitting(ask, rows.slice(at, at + maxTogether))
      const texts = await Promise.all(some.map(({ id }) => textsOf(ask, id)))
      yield texts.flatMap((found, index) => (found ? [{ ...foundRun(some[index]!), ...found }] : []))
      at += some.length
    }
  }
}

/** The first of them, as far as their texts together are not large; at least one. */
async function fitting(ask: Ask, rows: ListedRow[]): Promise<ListedRow[]> {
  const sizes = await ask.rows<{ id: string; bytes: number }>(sql`
    SELECT run_id AS id, coalesce(octet_length(inputs), 0) + coalesce(octet_length(outputs), 0) AS bytes
    FROM run_texts WHERE run_id = ANY(${sql.param(rows.map(({ id }) => id))}::text[])`)
  const bytesOf = new Map(sizes.map(({ id, bytes }) => [id, bytes]))
  return asManyAsFit(rows, ({ id }) => bytesOf.get(id) ?? 0, maxBytes)
}
