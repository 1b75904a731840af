import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../src/shared/time/clock.ts'
import { openStore } from '../src/store/sqlite/file/open.ts'
import { sql } from '../src/store/sqlite/sql/drizzle.ts'
import { fillExample } from './example/fill.ts'

/** Fixed, so that the same code writes the same file. */
const newestAt = Date.UTC(2026, 10, 22, 16, 0, 0)
/** Of what the demo has, so that the file stays small. */
const part = { runShare: 0.08, healthHoursMs: 8 * 86_400_000 }

const target = resolve(process.argv[2] ?? fileURLToPath(new URL('../workflows.db.example', import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), 'configurable-agents-example-'))
try {
  const store = openStore(join(folder, 'working.db'), systemClock)
  await fillExample(store, newestAt, part)
  // One file without a write-ahead log beside it, and without the gaps of a file that grew.
  const whole = join(folder, 'whole.db')
  store.db.run(sql`VACUUM INTO ${whole}`)
  await store.close()
  copyFileSync(whole, target)
  console.log(`Wrote ${target}, ${Math.round(statSync(target).size / 1024)} KiB.`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
