import { setImmediate } from 'node:timers/promises'
import type { ExportedRun } from '../../ports/history.ts'
import type { RunOrder } from '../../ports/run-pages.ts'
import type { RunSelection } from '../../ports/run-selection.ts'
import type { Store } from '../file/open.ts'
import type { RunLists } from './list.ts'
import { foundRun } from './listed-row.ts'
import { createRunPayloads } from './payloads.ts'

const maxRows = 500
const maxPayloads = 25
const maxCharacters = 64 * 1024

/** Each step takes a few milliseconds, and others have their turn between. */
export function createExport(file: Pick<Store, 'db'>, lists: RunLists) {
  const payloadsOf = createRunPayloads(file)

  return async function* read(selection: RunSelection, order: RunOrder): AsyncGenerator<ExportedRun[]> {
    for (const rows of lists.walk(selection, { order, size: maxRows })) {
      for (let at = 0; at < rows.length; ) {
        const some = rows.slice(at, at + maxPayloads)
        const ids = some.map(({ id }) => id)
        const payloads = payloadsOf(ids, maxCharacters)
        yield payloads.flatMap((found, index) => (found ? [{ ...foundRun(some[index]!), ...found }] : []))
        await setImmediate()
        at += payloads.length
      }
      await setImmediate()
    }
  }
}
