import { renameSync } from 'node:fs'
import { basename } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { ask, buildAppWithUsers, cookieFor, passwordOf } from '../support/access/people.ts'
import { api, type TestApp } from '../support/app.ts'
import { createHastyClock } from '../support/clock.ts'
import { cableTo } from '../support/postgres/cable.ts'
import { testDatabase } from '../support/postgres/database.ts'
import { fillDisk, watchedStore } from '../support/store/faults.ts'

const roles = { ann: 'admin', olga: 'operator', vic: 'viewer' } as const
const kinds = {
  json: { accept: 'application/json' },
  page: { accept: 'text/html' },
  partial: { accept: 'text/html', 'hx-request': 'true', 'hx-request-type': 'partial' },
  dialog: { accept: 'text/html', 'hx-request': 'true', 'hx-target': 'div#dialog-body' },
}
const reads = [
  ...['/health', '/readyz', '/login', '/', '/runs', '/system', '/system/checks', '/settings/account'],
  ...['/no-such-page', '/%ff', '/openapi.json', '/metrics'],
].map((url) => ['GET', url, undefined] as const)
const announced = { agent_id: 'a', agent_name: 'A', host: 'localhost', port: 8001, metadata: 'x'.repeat(3900) }
const changes = [
  ['POST', '/login', { username: 'bob', password: passwordOf('ann') }],
  ['POST', '/orchestrator/check', {}],
  ['POST', '/agents/register', announced],
] as const

/** All that the dashboard answers to whoever has this cookie: headers, and texts. */
async function answersTo(app: TestApp, cookie: string): Promise<string> {
  const answers: string[] = []
  const { json, page, ...parts } = kinds
  const asked = [...reads, ...changes].flatMap((one) => [json, page].map((kind) => [kind, ...one] as const))
  const inParts = changes.flatMap((one) => Object.values(parts).map((kind) => [kind, ...one] as const))
  for (const [kind, method, url, body] of [...asked, ...inParts]) {
    const sent = body && { payload: JSON.stringify(body) }
    const headers = { ...kind, ...(body && { 'content-type': 'application/json' }) }
    const answer = await ask(app, cookie, url, { method, headers, ...sent })
    answers.push(decodeURIComponent(JSON.stringify(answer.headers)), answer.payload)
  }
  return answers.join('\n')
}

async function appOfPeople(config = {}, overrides = {}) {
  const lines: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) })
  const app = await buildAppWithUsers(roles, config, { logger, ...overrides })
  const names = ['olga', 'vic']
  const others = await Promise.all(names.map((name) => cookieFor(app, name)))
  return { app, lines, admin: await cookieFor(app, 'ann'), others: [...others, ''] }
}

test.each(['full', 'moved'])(
  'only an admin learns which file is at fault when it is %s; the log has it',
  async (how) => {
    const { overrides, store } = watchedStore()
    const { app, lines, admin, others } = await appOfPeople({}, overrides)
    const folder = basename(app.db.slice(0, -basename(app.db).length))
    expect(await answersTo(app, others[0]!)).not.toContain(basename(app.db))
    expect(await answersTo(app, admin)).toContain(app.db)

    if (how === 'full') fillDisk(store())
    else {
      renameSync(app.db, `${app.db}.old`)
      onTestFinished(() => renameSync(`${app.db}.old`, app.db))
    }
    const said = how === 'full' ? 'there is no room for the database' : 'The database was moved or deleted'
    await ask(app, admin, '/agents/register', { method: 'POST', payload: { ...announced, agent_id: 'b' } })
    for (const cookie of others) {
      const answers = await answersTo(app, cookie)
      expect(answers).not.toContain(basename(app.db))
      expect(answers).not.toContain(folder)
      expect(answers).toContain(said)
    }
    expect(await answersTo(app, admin)).toContain(app.db)
    expect((await api(app, 'GET', '/readyz')).json).toMatchObject({ reason: expect.stringContaining(said) })
    expect(lines.join('')).toContain(app.db)
  },
)

test('only an admin learns which PostgreSQL cannot be reached; the log has it', async () => {
  const cable = await cableTo((await testDatabase()).url)
  const { username, port, pathname } = new URL(cable.url)
  const { app, lines, admin, others } = await appOfPeople({ db: cable.url }, { clock: createHastyClock() })
  const place = new RegExp(`${port}|${username}@|${pathname.slice(1)}`)
  expect(await answersTo(app, others[0]!)).not.toMatch(place)
  expect(await answersTo(app, admin)).toMatch(place)
  cable.cut()
  await ask(app, admin, '/orchestrator/check', { method: 'POST' })
  for (const answers of await Promise.all(others.map((cookie) => answersTo(app, cookie)))) {
    expect(answers).not.toMatch(place)
    expect(answers).toContain('The database cannot be reached')
  }
  expect((await api(app, 'GET', '/readyz')).json.reason).toMatch(/^The database cannot be reached \(.+\)\. Check that/)
  expect(lines.join('')).toMatch(place)
  cable.mend()
  await expect.poll(async () => (await api(app, 'GET', '/readyz')).status).toBe(200)
}, 60_000)
