import { parse } from 'node-html-parser'
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
  const banner = async (app: typeof one, cookie: string, path: string) => {
    const { payload, headers } = await ask(app, cookie, path, { headers: { accept: 'text/html' } })
    const shown = parse(payload).querySelector('#outdated p')?.textContent
    const told = headers['x-outdated'] as string | undefined
    expect(told?.split(' ').map(decodeURIComponent).join(' '), path).toBe(shown)
    return shown
  }
  const said = expect.stringContaining('A newer dashboard has changed the database.')
  for (const app of [one, two]) expect(await banner(app, admin, '/runs')).toBeUndefined()
  await client.query(`INSERT INTO dashboard_migrations (made_at, hash) VALUES (4000000000000, 'of the future')`)
  for (const app of [one, two]) {
    await expect.poll(() => banner(app, admin, '/runs'), { timeout: 20_000 }).toEqual(said)
    for (const path of ['/', '/orchestrator', '/system', '/no-such-page'])
      expect(await banner(app, admin, path), path).toEqual(said)
    for (const path of ['/', '/runs']) expect(await banner(app, viewer, path), path).toBeUndefined()
  }
  expect(await banner(one, '', '/login')).toBeUndefined()
}, 30_000)
