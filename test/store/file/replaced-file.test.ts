import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openStore } from '../../../src/store/sqlite/file/open.ts'
import { createTestClock } from '../../support/clock.ts'
import { endurance, seed } from '../../support/endurance.ts'
import { createRandom } from '../../support/random.ts'
import { startOtherProgram } from '../../support/store/other-program.ts'
import { connect, openTestStore } from '../../support/store/store.ts'
import { temporaryFile } from '../../support/temporary.ts'

const row = (id: string, bytes = 10) =>
  `INSERT INTO workflow_runs (id, workflow_name, status, started_at, inputs) VALUES ('${id}', 'w', 'completed', '2026-11-22 16:14:30.057758', hex(randomblob(${bytes / 2})))`
/** So much that a checkpoint is due. */
const much = (name: string) => Array.from({ length: 40 }, (_, n) => row(`${name}-${n}`, 40_000)).join(';')

function idsIn(path: string): unknown[] {
  return connect(path).prepare('SELECT id FROM workflow_runs ORDER BY id').pluck().all()
}

/** A file that a dashboard worked on, with a backup of it: `old` is in both, `new` in the file alone. */
async function dashboardOn(path: string, made: Backup) {
  const first = openStore(path, createTestClock())
  await first.write(() => first.db.$client.exec(row('old')))
  await first.close()
  const backup = `${path}.backup`
  if (made === 'copied while it was stopped') copyFileSync(path, backup)
  else connect(path).exec(`VACUUM INTO '${backup}'`).close()
  const dashboard = startOtherProgram()
  await dashboard.openDashboard(path)
  await dashboard.write(row('new'))
  return { dashboard, backup }
}

type Backup = 'copied while it was stopped' | 'made by SQLite'
const backups: Backup[] = ['copied while it was stopped', 'made by SQLite']

const replacements: Record<string, (backup: string, path: string) => void> = {
  'moved into its place': (backup, path) => renameSync(backup, path),
  'copied over it': (backup, path) => copyFileSync(backup, path),
  'copied into its place after it was deleted': (backup, path) => {
    rmSync(path)
    copyFileSync(backup, path)
  },
}
const cases = backups.flatMap((made) => Object.entries(replacements).map(([how, replace]) => ({ made, how, replace })))

function refusal(path: string): string {
  const [bytes, log] = ['', '-wal'].map((end) => (existsSync(path + end) ? readFileSync(path + end) : undefined))
  let message = 'It was opened.'
  try {
    openStore(path, createTestClock())
  } catch (error) {
    message = (error as Error).message
  }
  if (bytes) expect(readFileSync(path).equals(bytes)).toBe(true)
  expect(readFileSync(`${path}-wal`).equals(log!)).toBe(true)
  return message
}

describe.each(cases)('a backup, $made, that is $how', ({ made, replace }) => {
  test('after the dashboard was killed is not destroyed by its log: the start is refused', async () => {
    const path = temporaryFile()
    const { dashboard, backup } = await dashboardOn(path, made)
    await dashboard.kill()
    replace(backup, path)
    const message = refusal(path)
    expect(message).toContain(`${path}-wal holds changes that belong to another file than the ${path}`)
    expect(message).toContain(`"configurable-agents restore BACKUP --db ${path}"`)
    expect(refusal(path)).toBe(message)
  })

  test.each(['stop', 'kill'] as const)('while it runs is not touched by it (%s)', async (end) => {
    const path = temporaryFile()
    const { dashboard, backup } = await dashboardOn(path, made)
    const bytes = readFileSync(backup)
    replace(backup, path)
    expect(await dashboard.fault()).toMatch(/was (replaced|overwritten) while the dashboard was using it/)
    await expect(dashboard.write(row('lost'))).rejects.toThrow('Nothing was saved.')
    await dashboard[end]()
    expect(readFileSync(path).equals(bytes)).toBe(true)
    if (statSync(`${path}-wal`).size > 0) {
      expect(refusal(path)).toContain(`${path}-wal holds changes`)
    } else {
      const { store } = openTestStore(path)
      expect(idsIn(path)).toEqual(['old'])
      expect(store.db.$client.pragma('integrity_check', { simple: true })).toBe('ok')
    }
  })
})

test('a file that is replaced while the dashboard runs gets all that was in its log, and the new one nothing', async () => {
  const path = temporaryFile()
  const { dashboard, backup } = await dashboardOn(path, 'made by SQLite')
  renameSync(path, `${path}.old`)
  renameSync(backup, path)
  expect(await dashboard.fault()).toMatch(/Restart the dashboard to use it\.$/)
  await dashboard.kill()
  expect(statSync(`${path}-wal`).size).toBe(0)
  expect(idsIn(`${path}.old`)).toEqual(['new', 'old'])
  openTestStore(path)
  expect(idsIn(path)).toEqual(['old'])
})

test('what the Python program committed into the log meanwhile is not taken into the old file', async () => {
  const path = temporaryFile()
  const { dashboard, backup } = await dashboardOn(path, 'copied while it was stopped')
  renameSync(path, `${path}.old`)
  renameSync(backup, path)
  const python = startOtherProgram()
  await python.sql(path, 'CREATE TABLE theirs (a)')
  const log = readFileSync(`${path}-wal`)
  expect(await dashboard.fault()).toMatch(/was replaced/)
  await dashboard.stop()
  expect(readFileSync(`${path}-wal`).equals(log)).toBe(true)
})

test('a database that is gone is missed at the start, and its log is kept', async () => {
  const path = temporaryFile()
  const { dashboard } = await dashboardOn(path, 'made by SQLite')
  await dashboard.kill()
  rmSync(path)
  const message = refusal(path)
  expect(message).toContain(`${path}-wal holds changes of ${path}, which is missing. `)
  expect(message).toContain(`"configurable-agents restore BACKUP --db ${path}"`)
  expect(existsSync(path)).toBe(false)
})

test.each([
  ['is gone', (path: string) => rmSync(path)],
  ['is empty', (path: string) => truncateSync(path)],
  ['is another one', (path: string) => writeFileSync(path, 'Dear diary, '.repeat(1000))],
])('a log whose file %s is kept: SQLite would delete it, or apply it', async (_what, change) => {
  const path = temporaryFile()
  const { dashboard } = await dashboardOn(path, 'made by SQLite')
  await dashboard.kill()
  change(path)
  expect(refusal(path)).toContain(`${path}-wal holds changes`)
})

test('a backup of the kind that SQLite makes is known without a lock file, as after an update', async () => {
  const path = temporaryFile()
  const { dashboard, backup } = await dashboardOn(path, 'made by SQLite')
  await dashboard.kill()
  rmSync(`${path}.lock`)
  renameSync(backup, path)
  expect(refusal(path)).toContain(`${path}-wal holds changes`)
})

test('a file and its log that were moved to another place together are opened', async () => {
  const path = temporaryFile()
  const { dashboard } = await dashboardOn(path, 'made by SQLite')
  await dashboard.kill()
  const moved = temporaryFile()
  for (const end of ['', '-wal', '.lock']) copyFileSync(path + end, moved + end)
  openTestStore(moved)
  expect(idsIn(moved)).toEqual(['new', 'old'])
})

type Program = ReturnType<typeof startOtherProgram>
const python: Record<string, (program: Program, path: string) => Promise<unknown>> = {
  'did nothing': async () => {},
  'read, and was killed': (program, path) => program.sql(path, 'SELECT count(*) FROM workflow_runs'),
  'wrote, and was killed': (program, path) => program.sql(path, row('theirs')),
  'took the log in, and was killed': (program, path) => program.sql(path, 'PRAGMA wal_checkpoint'),
  'took the log in, wrote, and was killed': (program, path) =>
    program.sql(path, `PRAGMA wal_checkpoint; ${row('theirs')}; ${row('more', 90_000)}`),
  'wrote and took in, again and again, and was killed': async (program, path) => {
    for (let round = 0; round < 5; round++) {
      await program.sql(path, `${row(`r${round}`, 60_000)}; PRAGMA wal_checkpoint(RESTART); ${row(`s${round}`)}`)
    }
  },
  'took in a part, for somebody was reading, and was killed': async (program, path) => {
    const reader = startOtherProgram()
    await program.sql(path, row('a', 20_000))
    await reader.sql(path, 'BEGIN; SELECT count(*) FROM workflow_runs')
    await program.sql(path, `${row('b', 90_000)}; PRAGMA wal_checkpoint`)
    await reader.kill()
  },
  'emptied the log, and was killed': (program, path) => program.sql(path, 'PRAGMA wal_checkpoint(TRUNCATE)'),
  'wrote the whole file anew, and was killed': (program, path) => program.sql(path, 'VACUUM; PRAGMA wal_checkpoint'),
  'switched to another kind of journal, and was killed': (program, path) =>
    program.sql(path, `PRAGMA journal_mode = DELETE; ${row('theirs')}`),
  'wrote, and ended': async (program, path) => {
    await program.sql(path, row('theirs'))
    await program.close(path)
  },
}

test.each(Object.keys(python))(
  'after the dashboard was killed, Python %s: the next start opens it all',
  async (what) => {
    const path = temporaryFile()
    const { dashboard } = await dashboardOn(path, 'copied while it was stopped')
    await dashboard.write(much('ours'))
    await dashboard.kill()
    const program = startOtherProgram()
    await program.sql(path, 'PRAGMA foreign_keys = OFF')
    await python[what]!(program, path)
    await program.kill()
    // As backup programs and file managers do.
    if (what === 'did nothing') utimesSync(`${path}-wal`, 0, 0)
    const { store } = openTestStore(path)
    expect(idsIn(path)).toEqual(expect.arrayContaining(['new', 'old', 'ours-39']))
    expect(store.db.$client.pragma('integrity_check', { simple: true })).toBe('ok')
  },
)

test('Python may go on working on the file while the dashboard is started anew', async () => {
  const path = temporaryFile()
  const { dashboard } = await dashboardOn(path, 'copied while it was stopped')
  const program = startOtherProgram()
  await program.sql(path, row('theirs'))
  await dashboard.kill()
  await program.sql(path, `${row('more', 80_000)}; PRAGMA wal_checkpoint; ${row('last')}`)
  openTestStore(path)
  expect(idsIn(path)).toEqual(['last', 'more', 'new', 'old', 'theirs'])
})

test('a dashboard beside which Python writes and takes in never believes its file replaced', async () => {
  const path = temporaryFile()
  const { dashboard } = await dashboardOn(path, 'copied while it was stopped')
  const program = startOtherProgram()
  const steps = [
    (n: number) => dashboard.write(row(`ours-${n}`, 5000)),
    (n: number) => program.sql(path, row(`theirs-${n}`, 70_000)),
    () => program.sql(path, 'PRAGMA wal_checkpoint'),
    () => program.sql(path, 'PRAGMA wal_checkpoint(RESTART)'),
    () => program.sql(path, 'PRAGMA wal_checkpoint(TRUNCATE)'),
    (n: number) => dashboard.write(much(`many-${n}`)),
    () => program.sql(path, 'VACUUM'),
    () => program.close(path),
    (n: number) => program.sql(path, `DELETE FROM workflow_runs WHERE id = 'theirs-${n - 3}'`),
  ]
  const random = createRandom(seed)
  for (let n = 0; n < endurance(60, 1500); n++) {
    await steps[Math.floor(random() * steps.length)]!(n)
    expect(await dashboard.fault()).toBeUndefined()
  }
  await dashboard.kill()
  await program.kill()
  const { store } = openTestStore(path)
  expect(store.db.$client.pragma('integrity_check', { simple: true })).toBe('ok')
})
