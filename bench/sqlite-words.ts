import { workerData } from 'node:worker_threads'
import { indexedText } from '../src/shared/search/text.ts'
import { systemClock } from '../src/shared/time/clock.ts'
import { openSqliteStore } from '../src/store/sqlite/store.ts'
import { onceFor } from './once-for.ts'
import { firstPart, type HistorySize, partMs, parts, placesPerMs } from './sample-runs.ts'
import { openInBulk } from './sqlite-fill.ts'
import { settleSegments } from './sqlite-levels.ts'

/** What FTS5 writes at a time: all of it comes to fewer parts than the program would merge. */
const bytesAtOnce = 1024 * 1024 * 1024

const { path, size } = workerData as { path: string; size: HistorySize }
await openSqliteStore(path, systemClock).close()
const sqlite = openInBulk(path)
sqlite.exec(`
  INSERT INTO run_search (run_search, rank) VALUES ('hashsize', ${bytesAtOnce});
  CREATE TEMP TABLE sample (seq INTEGER PRIMARY KEY, inputs, outputs, error)`)
const add = sqlite.prepare('INSERT INTO sample VALUES (?, ?, ?, ?)')
const wordsOf = onceFor(indexedText)
sqlite.transaction(() => {
  for (const { seq, inputs, outputs, error } of firstPart(size)) {
    add.run(BigInt(seq), wordsOf(inputs), wordsOf(outputs), wordsOf(error))
  }
  for (let part = 0; part < parts; part++) {
    sqlite
      .prepare(
        'INSERT INTO run_search (rowid, inputs, outputs, error) SELECT seq + ?, inputs, outputs, error FROM sample ORDER BY seq',
      )
      .run(BigInt(part * partMs) * BigInt(placesPerMs))
  }
})()
settleSegments(sqlite)
sqlite.close()
