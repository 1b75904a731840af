import { pino } from 'pino'
import { expect, test } from 'vitest'
import { ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { createHastyClock } from '../support/clock.ts'
import { testDatabase } from '../support/postgres/database.ts'

test('admins learn from every page that a newer dashboard has changed the database, and nobody else', async () => {
  const { url, client } = await testDatabase({ isNew: true })
  const start = (people: Parameters<typeof buildAppWithUsers>[0]) =>
    buildAppWithUsers(people, { db: url }, { clock: createHastyClock(), logger: pino({ level: 'silent' }) })
  const [one, two] = [await start({ ann: 'admin', vic: 'viewer' }), await start({})]
  const [admin, viewer] = [await cookieFor(one, 'ann'), await cookieFor(one, 'vic')]
  const shown = async (app: typeof one, cookie: string, path: string) =>
    (await ask(app, cookie, path, { headers: { accept: 'text/html' } })).payload
  const said = 'A newer dashboard has changed the database.'
  for (const app of [one, two]) expect(await shown(app, admin, '/runs')).not.toContain(said)
  await client.query(`INSERT INTO dashboard_migrations (made_at, hash) VALUES (4000000000000, 'of the future')`)
  for (const app of [one, two]) {
    await expect.poll(() => shown(app, admin, '/runs'), { timeout: 20_000 }).toContain(said)
    for (const path of ['/', '/orchestrator', '/system', '/no-such-page'])
      expect(await shown(app, admin, path), path).toContain(said)
    for (const path of ['/', '/runs']) expect(await shown(app, viewer, path), path).not.toContain(said)
  }
  expect(await shown(one, '', '/login')).not.toContain(said)
}, 30_000)
