import { createHash } from 'node:crypto'
import { MoveError } from '../../shared/errors.ts'
import { plural } from '../../shared/plural.ts'
import { type Entity, entities } from './entities.ts'
import type { Row } from './row.ts'
import type { MovedTable, Source, Target } from './side.ts'

export type MoveStep = { doing: 'moving' | 'comparing'; name: string; done: number; of: number }
export type MoveOptions = { onStep?: (step: MoveStep) => void; signal?: AbortSignal }
export type Sides = { source: Source; target: Target }

/** Rows of megabytes are few at a time. */
const atOnce = { wide: 40, narrow: 500 }
export const sizeOf = ({ isWide }: Entity) => (isWide ? atOnce.wide : atOnce.narrow)
export const keyOf = ({ key }: Entity, row: Row) => key.map((name) => row[name])

/** Reads every row of both. Throws MoveError where they differ. */
export async function compare({ source, target }: Sides, options: MoveOptions): Promise<MovedTable[]> {
  const tables: MovedTable[] = []
  for (const entity of entities) {
    const [of, other] = [await source.count(entity), await target.count(entity)]
    if (of !== other) throw differs(target, entity, `${plural(of, 'row')} there, and ${other} here`)
    tables.push(
      await summed(source, entity, options, async (wanted, text) => {
        if (text !== JSON.stringify(await target.read(wanted)))
          throw differs(target, entity, 'the checksums of their rows')
      }),
    )
  }
  return tables
}

/** `moved` is what was moved when the move was complete. Throws MoveError where the source has changed since. */
export async function refuseNews({ source, target }: Sides, moved: MovedTable[], options: MoveOptions): Promise<void> {
  const news: string[] = []
  for (const entity of entities) {
    const now = await summed(source, entity, options)
    const then = moved.find(({ name }) => name === entity.name)
    if (then?.checksum === now.checksum || (!then && now.rows === 0)) continue
    news.push(`${entity.name} (${inWords(then?.rows ?? 0, now.rows)})`)
  }
  if (news.length === 0) return
  throw new MoveError(
    `${source.name} has changed since it was moved to ${target.name}: ${news.join(', ')}. Nothing was changed. A second move adds nothing, since ${target.name} may have changed too. To move all of it again, name an empty target.`,
  )
}

function inWords(then: number, now: number): string {
  if (now === then) return 'changed'
  return now > then ? `${now - then} more` : `${then - now} fewer`
}

async function summed(
  source: Source,
  entity: Entity,
  { onStep, signal }: MoveOptions,
  check = async (_wanted: Parameters<Source['read']>[0], _text: string) => {},
): Promise<MovedTable> {
  const of = await source.count(entity)
  const hash = createHash('sha256')
  let after: unknown[] | null = null
  let rows = 0
  for (;;) {
    refuseStopped(signal)
    const wanted = { entity, after, max: sizeOf(entity) }
    const found = await source.read(wanted)
    const text = JSON.stringify(found)
    await check(wanted, text)
    if (found.length === 0) return { name: entity.name, rows, checksum: hash.digest('hex') }
    hash.update(text.slice(1, -1)).update('\n')
    rows += found.length
    after = keyOf(entity, found.at(-1)!)
    onStep?.({ doing: 'comparing', name: entity.name, done: rows, of })
  }
}

export function refuseStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MoveError('Stopped. Run the same command to continue.')
}

const differs = ({ name }: Target, entity: Entity, what: string): MoveError =>
  new MoveError(
    `The ${entity.name} differ (${what}): the source has changed since the move began. Remove ${name}, and move again.`,
  )
