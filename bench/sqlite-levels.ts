import type Database from 'better-sqlite3'

const pagesAtOnce = 10_000
const structureId = 10
/** Of the record: a number that says whether settings have changed, and the mark of its form. */
const bytesBeforeLevels = 8
/** So many times eight segments of a second each became one. */
const levels = 5

/**
 * FTS5 merges eight segments of a level into one of the next. What was filled in one go lies on the first level, and would
 * be merged as a whole with the first few runs that are indexed after it, for as long as anything is measured. Here it
 * becomes one segment, on a level where segments of its size are.
 */
export function settleSegments(sqlite: Database.Database): void {
  const merge = sqlite.prepare(`INSERT INTO run_search (run_search, rank) VALUES ('merge', ${pagesAtOnce})`)
  const changes = sqlite.prepare<[], number>('SELECT total_changes()').pluck()
  for (let before = -1; changes.get()! - before >= 2; ) {
    before = changes.get()!
    merge.run()
  }
  const read = sqlite.prepare<[], Buffer>(`SELECT block FROM run_search_data WHERE id = ${structureId}`).pluck()
  const write = sqlite.prepare(`UPDATE run_search_data SET block = ? WHERE id = ${structureId}`)
  write.run(raised(read.get()!))
}

/** With empty levels before the others: each is two zeros. The number of levels is one byte, and so is that of segments. */
function raised(structure: Buffer): Buffer {
  const [known, segments] = structure.subarray(bytesBeforeLevels)
  if (known === undefined || segments === undefined || known + levels > 127 || segments > 127)
    throw new Error('The segments of the words are not as expected')
  const rest = structure.subarray(bytesBeforeLevels + 2)
  const counter = rest.findIndex((byte) => byte < 128) + 1
  return Buffer.concat([
    structure.subarray(0, bytesBeforeLevels),
    Buffer.from([known + levels, segments]),
    rest.subarray(0, counter),
    Buffer.alloc(2 * levels),
    rest.subarray(counter),
  ])
}
