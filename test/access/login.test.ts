import { expect, test, vi } from 'vitest'
import { ask, buildAppWithUsers, cookieFor, cookieOf, logIn, passwordOf } from '../support/access/people.ts'
import { page, submit } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { onDisk } from '../support/store/on-disk.ts'
import { isOnPostgres } from '../support/store/which.ts'

test('without a user, this machine needs no login', async () => {
  const app = await buildAppWithUsers({})
  expect((await page(app, '/')).status).toBe(200)
  expect((await page(app, '/login')).headers.location).toBe('/')
})

test('once there is a user, pages lead to the login and back, and programs are told what to send', async () => {
  const app = await buildAppWithUsers()
  const overview = await page(app, '/runs?status=failed')
  expect(overview).toMatchObject({ status: 303, headers: { location: '/login?next=%2Fruns%3Fstatus%3Dfailed' } })
  const json = await app.inject({ url: '/runs', headers: { accept: 'application/json' } })
  expect(json.statusCode).toBe(401)
  expect(json.headers['www-authenticate']).toBe('Bearer')
  expect(json.json()).toMatchObject({ type: 'urn:configurable-agents:problem:login-needed' })
  const login = await page(app, overview.headers.location as string)
  expect(login.html.querySelector('input[name=next]')?.getAttribute('value')).toBe('/runs?status=failed')
  const answer = await submit(app, '/login', {
    username: 'Ann ',
    password: passwordOf('ann'),
    next: '/runs?status=failed',
  })
  expect(answer).toMatchObject({ status: 303, headers: { location: '/runs?status=failed' } })
  const again = await ask(app, cookieOf(answer.headers), '/runs')
  expect(again.statusCode).toBe(200)
})

test('an address that nobody knows, or that cannot be read, is behind the login too', async () => {
  const app = await buildAppWithUsers()
  for (const url of ['/nothing', '/%ff', '//runs', '/orchestrator/']) {
    const answer = await page(app, url)
    expect([url, answer.status, String(answer.headers.location)]).toEqual([url, 303, expect.stringMatching(/^\/login/)])
  }
})

test('what has no secrets needs no login', async () => {
  const app = await buildAppWithUsers()
  for (const url of ['/health', '/healthz', '/readyz', '/login']) {
    expect([url, (await app.inject(url)).statusCode]).toEqual([url, 200])
  }
})

test('a form that htmx sends without a login is answered so that the page can say so', async () => {
  const app = await buildAppWithUsers()
  const headers = { 'hx-request': 'true', accept: 'text/html' }
  const answer = await app.inject({ method: 'POST', url: '/orchestrator/check', headers })
  expect(answer.statusCode).toBe(401)
  expect(answer.headers).toMatchObject({ 'hx-reswap': 'none', 'x-logged-out': '1' })
})

test('a form that comes too late is answered with a page that says how to send it again', async () => {
  const app = await buildAppWithUsers()
  const answer = await submit(app, '/settings/users', { name: 'bob', password: passwordOf('bob'), role: 'viewer' })
  expect(answer.status).toBe(401)
  expect(answer.html.querySelector('h1')?.text).toBe('You are logged out')
  expect(answer.html.querySelector('a.button')?.attributes).toMatchObject({ href: '/login', target: '_blank' })
})

test('a dialog that opens without a login leads to it', async () => {
  const app = await buildAppWithUsers()
  const headers = { 'hx-request': 'true', 'hx-target': 'div#dialog-body', accept: 'text/html' }
  const { statusCode, payload } = await app.inject({ url: '/settings/users/new', headers })
  expect(statusCode).toBe(401)
  expect(payload).toContain('You are logged out')
  expect(payload).toContain('href="/login" target="_blank"')
})

test('an unknown name and a wrong password are answered alike, and the name stays', async () => {
  const app = await buildAppWithUsers()
  const wrong = await submit(app, '/login', { username: 'ann', password: 'wrong password' })
  const unknown = await submit(app, '/login', { username: 'bob', password: 'wrong password' })
  expect(wrong.status).toBe(401)
  expect(wrong.html.querySelector('.error')?.textContent.trim()).toBe('Name or password is wrong.')
  expect(wrong.html.querySelector('input[name=username]')?.getAttribute('value')).toBe('ann')
  expect(wrong.html.querySelector('input[name=password]')?.getAttribute('value')).toBeUndefined()
  expect(unknown.text.replaceAll('bob', 'ann')).toBe(wrong.text)
  expect(unknown.status).toBe(401)
})

test('the session is in a cookie that scripts, other sites and other paths do not get', async () => {
  const app = await buildAppWithUsers()
  const answer = await logIn(app, 'ann', passwordOf('ann'))
  const parts = String(answer.headers['set-cookie']).split('; ')
  expect(parts).toEqual(expect.arrayContaining(['HttpOnly', 'SameSite=Lax', 'Path=/', 'Max-Age=2592000']))
  expect(answer.json()).toEqual({ user: { name: 'ann', role: 'admin' } })
  expect(answer.payload).not.toContain(cookieOf(answer.headers).split('=')[1]!)
})

test('a login begins a new session, whatever the browser sent', async () => {
  const app = await buildAppWithUsers()
  const planted = 'configurable-agents-session=planted'
  const answer = await logIn(app, 'ann', passwordOf('ann'), {
    headers: { accept: 'application/json', cookie: planted, 'content-type': 'application/json' },
  })
  expect(cookieOf(answer.headers)).not.toBe(planted)
  expect((await ask(app, planted, '/runs')).statusCode).toBe(401)
})

test('who logs out is out, also with the cookie of before', async () => {
  const app = await buildAppWithUsers()
  const cookie = await cookieFor(app, 'ann')
  const other = await cookieFor(app, 'ann')
  const answer = await ask(app, cookie, '/logout', { method: 'POST' })
  expect(answer.statusCode).toBe(200)
  expect(String(answer.headers['set-cookie'])).toMatch(/^configurable-agents-session=;/)
  expect((await ask(app, cookie, '/runs')).statusCode).toBe(401)
  expect((await ask(app, other, '/runs')).statusCode).toBe(200)
})

test('a session ends with a new password, with its user, and when an admin ends it', async () => {
  const app = await buildAppWithUsers({ ann: 'admin', bob: 'viewer' })
  const { access } = app.orchestrator
  const [ann, bob] = await access.users.all()
  const by = { id: 'cli', name: 'cli', role: 'admin', agents: null } as const
  let cookie = await cookieFor(app, 'bob')
  await access.users.setPassword(bob!.id, 'another password', by)
  expect((await ask(app, cookie, '/runs')).statusCode).toBe(401)
  cookie = await cookieFor(app, 'bob', 'another password')
  const [session] = await access.sessions(bob!.id)
  expect(await access.endSession(session!.id, by)).toBe(true)
  expect((await ask(app, cookie, '/runs')).statusCode).toBe(401)
  cookie = await cookieFor(app, 'bob', 'another password')
  await access.users.remove(bob!.id, by)
  expect((await ask(app, cookie, '/runs')).statusCode).toBe(401)
  expect(ann?.name).toBe('ann')
})

test('a session ends a week after it was last used, and after thirty days', async () => {
  const clock = createTestClock()
  const app = await buildAppWithUsers({ ann: 'admin' }, {}, { clock })
  const day = 86_400_000
  const cookie = await cookieFor(app, 'ann')
  for (let days = 0; days < 28; days += 6) {
    expect((await ask(app, cookie, '/runs')).statusCode).toBe(200)
    await clock.leap(6 * day)
  }
  expect((await ask(app, cookie, '/runs')).statusCode).toBe(401)
  const idle = await cookieFor(app, 'ann')
  await clock.leap(7 * day)
  expect((await ask(app, idle, '/runs')).statusCode).toBe(401)
})

test.each([
  '//evil.example/x',
  '/\\evil.example',
  'https://evil.example/',
  '/%2F%2Fevil.example/..//evil.example',
  '/.//evil.example',
  'javascript:alert(1)',
  '/\u0009/evil.example',
  '/login?next=/login',
])('a login leads to %j in no case', async (next) => {
  const app = await buildAppWithUsers()
  const answer = await submit(app, '/login', { username: 'ann', password: passwordOf('ann'), next })
  const to = new URL(answer.headers.location as string, 'http://localhost:8000')
  expect(to.host).toBe('localhost:8000')
  expect((answer.headers.location as string).startsWith('//')).toBe(false)
  expect(to.pathname).not.toBe('/login')
})

test('tries are limited, for a name and for an address, and not for ever', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    const app = await buildAppWithUsers({ ann: 'admin', bob: 'viewer' })
    await logIn(app, 'ann', passwordOf('ann'), { remoteAddress: '10.0.0.1' })
    const tryFrom = async (name: string, remoteAddress: string, password = 'wrong password') =>
      (await logIn(app, name, password, { remoteAddress })).statusCode
    // Many at once are no way around.
    const statuses = await Promise.all(Array.from({ length: 14 }, (_, at) => tryFrom('ann', `10.0.1.${at}`)))
    expect(statuses.filter((status) => status === 401)).toHaveLength(9)
    expect(statuses.filter((status) => status === 429)).toHaveLength(5)
    // Ann still gets in from where she was before; others are not concerned.
    expect(await tryFrom('ann', '10.0.0.1', passwordOf('ann'))).toBe(200)
    expect(await tryFrom('bob', '10.0.1.1', passwordOf('bob'))).toBe(200)
    for (let tries = 0; tries < 20; tries++) await tryFrom(`name ${tries}`, '10.0.0.9')
    const late = await logIn(app, 'bob', passwordOf('bob'), { remoteAddress: '10.0.0.9' })
    expect(late.statusCode).toBe(429)
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0)
    expect(late.json().detail).toBe('Too many tries. Try again in 5 minutes.')
    // PostgreSQL counts by its own clock.
    if (isOnPostgres) return
    vi.setSystemTime(Date.now() + 5 * 60_000 + 1)
    expect(await tryFrom('bob', '10.0.0.9', passwordOf('bob'))).toBe(200)
    expect(await tryFrom('ann', '10.0.1.1', passwordOf('ann'))).toBe(200)
  } finally {
    vi.useRealTimers()
  }
})

test('all addresses of one IPv6 network have their tries together', async () => {
  const app = await buildAppWithUsers({ ann: 'admin' })
  const tryFrom = async (remoteAddress: string, name: string) =>
    (await logIn(app, name, 'wrong password', { remoteAddress })).statusCode
  const ofOne = Array.from({ length: 20 }, (_, at) => (at % 2 ? `2001:db8:0:7::${at}` : `2001:db8:0:7:1:2:${at + 1}:3`))
  for (const [at, address] of ofOne.entries()) expect(await tryFrom(address, `name ${at}`)).toBe(401)
  expect(await tryFrom('2001:db8:0:7:ffff::9', 'another')).toBe(429)
  for (const other of ['2001:db8:0:8::1', '2001:db8::7', '::1', '::ffff:10.0.0.1'])
    expect([other, await tryFrom(other, `from ${other}`)]).toEqual([other, 401])
})

test('no password, cookie or hash is in an answer or in the clear on disk', async () => {
  const app = await buildAppWithUsers()
  const cookie = await cookieFor(app, 'ann')
  const secret = cookie.split('=')[1]!
  const files = (await onDisk(app.db)).map(({ text }) => text).join('')
  expect(files).toContain('$scrypt$')
  expect(files).not.toContain(passwordOf('ann'))
  expect(files).not.toContain(secret)
})
