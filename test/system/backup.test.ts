import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { api, buildTestApp, expectProblem, page, partial, submit, submitPartial, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { temporaryFile } from '../support/temporary.ts'

const hourMs = 3_600_000

async function build(db = temporaryFile()) {
  const clock = createTestClock(Date.UTC(2026, 10, 22, 21, 31, 5))
  const app = await buildTestApp({ db }, { clock })
  return { clock, app, files: () => readdirSync(dirname(app.db)).filter((name) => name.includes('backup')) }
}

const backupOf = async (app: TestApp) => (await api(app, 'GET', '/system')).json.backup

/** Asks until the backup has ended. */
async function ended(app: TestApp) {
  for (;;) {
    const backup = await backupOf(app)
    if (backup.status !== 'running') return backup
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const card = ({ html }: Awaited<ReturnType<typeof page>>) => html.querySelector('[aria-labelledby="backup-title"]')!

test('a press on the button begins a backup; the region says so, asks every second, and then offers it', async () => {
  const { app } = await build()
  await insertRuns(app, [{ id: 'one' }, { id: 'two' }])
  const begun = await submitPartial(app, '/system/backup')
  expect(begun.status).toBe(200)
  expect(begun.html.querySelector('#system')!.getAttribute('hx-trigger')).toBe('every 1s, refresh')
  expect(card(begun).querySelector('#back-up')!.text).toBe('Backing up…')
  expect(card(begun).querySelector('progress')).not.toBeNull()
  expect(card(begun).querySelector('#download')).toBeNull()

  const { bytes } = await ended(app)
  const done = await partial(app, '/system')
  expect(done.html.querySelector('#system')!.getAttribute('hx-trigger')).toBe('every 10s, refresh')
  expect(card(done).querySelector('#back-up')!.text).toBe('Back up now')
  expect(card(done).querySelector('#backup-status')!.text.replace(/\s+/g, ' ').trim()).toBe(
    `Checked workflows-2026-11-22T2131.db ${(bytes / 1000).toFixed(1)} kB · now Available for another 1h.`,
  )
  expect(card(done).querySelector('#download')!.attributes).toMatchObject({
    href: '/system/backup/workflows-2026-11-22T2131.db',
    download: 'workflows-2026-11-22T2131.db',
  })
})

test('what is downloaded is the database', async () => {
  const { app } = await build()
  await insertRuns(app, [{ id: 'one' }, { id: 'two' }])
  await submitPartial(app, '/system/backup')
  const { download_url: url, bytes } = await ended(app)
  const { statusCode, headers, rawPayload } = await app.inject(url)
  expect(statusCode).toBe(200)
  expect(headers).toMatchObject({
    'content-type': 'application/vnd.sqlite3',
    'content-length': String(bytes),
    'content-disposition': "attachment; filename*=UTF-8''workflows-2026-11-22T2131.db",
    'cache-control': 'no-store',
  })
  expect(rawPayload).toHaveLength(bytes)
  const file = temporaryFile()
  writeFileSync(file, rawPayload)
  const copy = new Database(file, { readonly: true })
  expect(copy.prepare('SELECT id FROM workflow_runs ORDER BY id').pluck().all()).toEqual(['one', 'two'])
  copy.close()
})

test('without JavaScript the button leads back to the page', async () => {
  const { app } = await build()
  const { status, headers } = await submit(app, '/system/backup')
  expect([status, headers.location]).toEqual([303, '/system'])
  await ended(app)
  expect(card(await page(app, '/system')).querySelector('#download')).not.toBeNull()
})

test('a script gets what it asked for at once, or when it is made, if it waits', async () => {
  const { app } = await build()
  expect((await api(app, 'GET', '/system')).json.backup).toEqual({ status: 'none' })
  const begun = await api(app, 'POST', '/system/backup')
  expect(begun.status).toBe(202)
  expect(begun.json).toMatchObject({
    status: 'running',
    started_at: '2026-11-22T21:31:05.000Z',
    is_checking: false,
    expected_bytes: expect.any(Number),
  })
  // It joins the one that is being made.
  const made = await app.inject({
    method: 'POST',
    url: '/system/backup',
    headers: { accept: 'application/json', prefer: 'wait=60' },
  })
  expect(made.statusCode).toBe(200)
  expect(made.headers['preference-applied']).toBe('wait=60')
  expect(made.json()).toEqual({
    status: 'ready',
    started_at: '2026-11-22T21:31:05.000Z',
    ended_at: '2026-11-22T21:31:05.000Z',
    bytes: expect.any(Number),
    is_checked: true,
    download_url: '/system/backup/workflows-2026-11-22T2131.db',
    available_until: '2026-11-22T22:31:05.000Z',
  })
})

test('who waits does not wait longer than they said', async () => {
  const { app, clock } = await build()
  const request = app.inject({
    method: 'POST',
    url: '/system/backup',
    headers: { accept: 'application/json', prefer: 'wait=5' },
  })
  await expect.poll(() => clock.timers()).toBeGreaterThan(0)
  await clock.leap(5000)
  // The clock of the copying process is another.
  expect([200, 202]).toContain((await request).statusCode)
  await ended(app)
})

test('who presses while one is made gets that one', async () => {
  const { app, clock, files } = await build()
  const first = await api(app, 'POST', '/system/backup')
  clock.leap(60_000)
  const second = await api(app, 'POST', '/system/backup')
  expect([first.status, second.status]).toEqual([202, 202])
  expect(second.json.started_at).toBe(first.json.started_at)
  expect(await ended(app)).toMatchObject({ status: 'ready', started_at: first.json.started_at })
  expect(files()).toEqual(['workflows.db-backup'])
})

test('while it is made, pages are answered and changes are saved', async () => {
  const { app } = await build()
  await insertRuns(
    app,
    Array.from({ length: 200 }, () => ({ inputs: JSON.stringify({ text: 'x'.repeat(20_000) }) })),
  )
  await api(app, 'POST', '/system/backup')
  let answered = 0
  while ((await backupOf(app)).status === 'running') {
    expect((await page(app, '/runs')).status).toBe(200)
    await insertRuns(app, [{ id: `meanwhile-${answered}` }])
    answered++
    // Injected requests alone never let the process that copies be heard.
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(answered).toBeGreaterThan(0)
})

test('it goes after an hour', async () => {
  const { app, clock, files } = await build()
  await api(app, 'POST', '/system/backup')
  const { download_url: url } = await ended(app)
  await clock.advance(hourMs - 60_000)
  expect(card(await page(app, '/system')).text).toContain('Available for another 1m')
  expect((await app.inject(url)).statusCode).toBe(200)
  await clock.advance(60_000)
  expect(files()).toEqual([])
  expect((await api(app, 'GET', '/system')).json.backup).toEqual({ status: 'none' })
  const gone = await page(app, url)
  expect(gone.status).toBe(404)
  expectProblem(await api(app, 'GET', url), 404)
})

test('it goes when the next one is made, which has an hour of its own', async () => {
  const { app, clock, files } = await build()
  await api(app, 'POST', '/system/backup')
  const first = await ended(app)
  await clock.advance(hourMs / 2)
  await api(app, 'POST', '/system/backup')
  expect((await app.inject(first.download_url)).statusCode).toBe(404)
  const second = await ended(app)
  expect(second.download_url).toBe('/system/backup/workflows-2026-11-22T2201.db')
  expect((await app.inject(first.download_url)).statusCode).toBe(404)
  await clock.advance(hourMs / 2)
  expect((await app.inject(second.download_url)).statusCode).toBe(200)
  expect(files()).toEqual(['workflows.db-backup'])
})

test('it goes when the program ends, also one that is half done', async () => {
  for (const isDone of [true, false]) {
    const db = temporaryFile()
    const app = Object.assign(await buildApp({ ...loadConfig({ db }, {}) }), { db })
    await insertRuns(
      app,
      Array.from({ length: 200 }, () => ({ inputs: JSON.stringify({ text: 'x'.repeat(20_000) }) })),
    )
    await api(app, 'POST', '/system/backup')
    if (isDone) await ended(app)
    await app.close()
    expect(readdirSync(dirname(db)).filter((name) => name.includes('backup'))).toEqual([])
  }
})

test('what a program that was killed has left behind goes at the next start', async () => {
  const db = temporaryFile()
  for (const end of ['', '.unfinished', '.unfinished-journal']) writeFileSync(`${db}-backup${end}`, 'half')
  const { files } = await build(db)
  expect(files()).toEqual([])
})

test('a failure is said with its reason, to people and to scripts, and the next one may do better', async () => {
  const { app } = await build()
  const obstacle = `${app.db}-backup.unfinished`
  mkdirSync(obstacle)
  await submitPartial(app, '/system/backup')
  const failed = await ended(app)
  expect(failed).toMatchObject({
    status: 'failed',
    reason: expect.stringMatching(/^The database could not be copied to .+\.$/),
  })
  expect(card(await page(app, '/system')).querySelector('.notice.bad p')!.text).toBe(failed.reason)
  const told = await app.inject({
    method: 'POST',
    url: '/system/backup',
    headers: { accept: 'application/json', prefer: 'wait=60' },
  })
  expect(told.json()).toEqual({
    type: 'urn:configurable-agents:problem:backup-failed',
    title: 'Internal Server Error',
    requestId: expect.any(String),
    status: 500,
    detail: failed.reason,
  })
  rmdirSync(obstacle)
  await api(app, 'POST', '/system/backup')
  expect((await ended(app)).status).toBe('ready')
})

test('a file of an odd name has backups of that name', async () => {
  const { app, files } = await build(temporaryFile('läufe & co.sqlite'))
  await api(app, 'POST', '/system/backup')
  const { download_url: url } = await ended(app)
  expect(url).toBe('/system/backup/l%C3%A4ufe%20%26%20co-2026-11-22T2131.sqlite')
  const { statusCode, headers } = await app.inject(url)
  expect(statusCode).toBe(200)
  expect(headers['content-disposition']).toBe(
    "attachment; filename*=UTF-8''l%C3%A4ufe%20%26%20co-2026-11-22T2131.sqlite",
  )
  expect(files()).toEqual([`${basename(app.db)}-backup`])
})

test('no other file can be had by a name', async () => {
  const { app } = await build()
  await api(app, 'POST', '/system/backup')
  await ended(app)
  for (const name of ['workflows.db', '..%2Fworkflows.db', '%2Fetc%2Fpasswd', 'workflows-2026-11-22T2130.db']) {
    expect((await app.inject(`/system/backup/${name}`)).statusCode).toBe(404)
  }
  expect(existsSync(app.db)).toBe(true)
})

test('another web page cannot have a backup made', async () => {
  const { app, files } = await build()
  const answer = await app.inject({
    method: 'POST',
    url: '/system/backup',
    headers: { 'sec-fetch-site': 'cross-site' },
  })
  expect(answer.statusCode).toBe(403)
  expect(files()).toEqual([])
})
