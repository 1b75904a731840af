import { isPostgres, shownDatabase } from '../../config/database.ts'
import { AppError, MoveError } from '../../shared/errors.ts'
import { openError as openBaseError } from '../postgres/faults/causes.ts'
import { openError as openFileError } from '../sqlite/file/open-error.ts'
import { openBaseSource, openBaseTarget } from './base.ts'
import type { Changes } from './canonical.ts'
import { compare, keyOf, type MoveOptions, refuseNews, refuseStopped, type Sides, sizeOf } from './compare.ts'
import { entities } from './entities.ts'
import { openFileSource, openFileTarget } from './file.ts'
import type { MovedTable, Progress, Target } from './side.ts'

export type Moved = {
  from: string
  to: string
  /** In the order in which they were moved. */
  tables: MovedTable[]
  left: { name: string; rows: number }[]
  /** What the target holds in another form than the source. */
  changed: Changes
  /** It was complete before, and the source has not changed since, as far as that was noted. */
  isOld: boolean
}

/** Continues where an earlier call was ended, and compares both stores. Throws MoveError or StoreOpenError. */
export async function move(from: string, to: string, options: MoveOptions = {}): Promise<Moved> {
  try {
    return await moveBetween(from, to, options)
  } catch (error) {
    throw explained(error, from, to)
  }
}

async function moveBetween(from: string, to: string, options: MoveOptions): Promise<Moved> {
  const changes: Changes = { texts: 0, numbers: 0 }
  const source = isPostgres(from) ? await openBaseSource(from, changes) : openFileSource(from, changes)
  try {
    // What is read there is in its form already.
    const ignored: Changes = { texts: 0, numbers: 0 }
    const target = isPostgres(to) ? await openBaseTarget(to, ignored) : openFileTarget(to, ignored)
    try {
      return await moveInto({ source, target }, changes, options)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** An error of either store may hold the rows that it is about. */
function explained(error: unknown, from: string, to: string): unknown {
  if (error instanceof AppError) return error
  const [base, file] = isPostgres(from) ? [from, to] : [to, from]
  const found = openBaseError(error, shownDatabase(base))
  return found instanceof AppError ? found : openFileError(found, file)
}

async function moveInto({ source, target }: Sides, changes: Changes, options: MoveOptions): Promise<Moved> {
  const known = await target.progress()
  if (known && known.from !== source.identity)
    throw new MoveError(`A move from elsewhere into ${target.name} has begun. It was not changed.`)
  if (!known) await refuseFull(target)
  const left = await source.others()
  const names = { from: source.name, to: target.name, left }
  if (known?.isComplete) {
    if (known.tables) await refuseNews({ source, target }, known.tables, options)
    return { ...names, tables: [], changed: changes, isOld: true }
  }

  const start: Progress = { from: source.identity, entity: 0, after: null, isComplete: false }
  if (!known) await target.keep(start)
  const progress = await copy({ source, target }, known ?? start, options)
  await target.finish()
  Object.assign(changes, { texts: 0, numbers: 0 })
  const tables = await compare({ source, target }, options)
  await source.refuseUse()
  await target.keep({ ...progress, isComplete: true, tables })
  return { ...names, tables, changed: changes, isOld: false }
}

async function refuseFull(target: Target): Promise<void> {
  for (const entity of entities) {
    const rows = await target.count(entity)
    if (rows > 0)
      throw new MoveError(
        `${target.name} is not empty: it has ${entity.name}. It was not changed; move to an empty one.`,
      )
  }
}

async function copy({ source, target }: Sides, from: Progress, { onStep, signal }: MoveOptions): Promise<Progress> {
  let progress = from
  for (const [number, entity] of entities.entries()) {
    if (number < from.entity) continue
    const of = await source.count(entity)
    let after = number === from.entity ? from.after : null
    let done = after === null ? 0 : await target.count(entity)
    for (;;) {
      refuseStopped(signal)
      const rows = await source.read({ entity, after, max: sizeOf(entity) })
      if (rows.length === 0) break
      after = keyOf(entity, rows.at(-1)!)
      progress = { ...from, entity: number, after }
      await target.add(entity, rows, progress)
      done += rows.length
      onStep?.({ doing: 'moving', name: entity.name, done, of })
    }
    progress = { ...from, entity: number + 1, after: null }
    await target.keep(progress)
  }
  return progress
}
