import type { FastifyInstance } from 'fastify'
import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { type Config, loadConfig } from '../../src/config.ts'
import { prepareAccess } from '../../src/server/first-start.ts'
import { StartError } from '../../src/server/start-error.ts'
import { serve } from '../../src/server.ts'
import { localActor } from '../../src/shared/actor.ts'
import { followProvider, type Person, startProvider } from '../support/access/oidc-provider.ts'
import { ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { page } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'

const session = 'configurable-agents-session='
const asBrowser = { accept: 'text/html' }

async function start(groups = ['staff', 'ops'], name = 'olga', overrides = {}, hasLogout = true) {
  const person: Person = { sub: 'id-of-olga', preferred_username: name, groups }
  const provider = await startProvider(person, { hasLogout })
  const app = await buildAppWithUsers({ ann: 'admin' }, provider.config, overrides)
  return { app, person, provider }
}

async function begin(app: FastifyInstance, url = '/login/sso') {
  const answer = await app.inject({ url, headers: asBrowser })
  const cookie = String(answer.headers['set-cookie']).split(';')[0]!
  return { status: answer.statusCode, address: String(answer.headers.location), cookie, headers: answer.headers }
}

/** What the browser gets when the provider has sent it back. */
async function comeBack(app: FastifyInstance, address: string, cookie: string) {
  const { pathname, search } = new URL(address)
  const answer = await app.inject({ url: pathname + search, headers: { ...asBrowser, cookie } })
  const cookies = [answer.headers['set-cookie'] ?? []].flat().map((one) => one.split(';')[0]!)
  return {
    status: answer.statusCode,
    location: answer.headers.location,
    text: parse(answer.payload).querySelector('[role=alert]')?.textContent,
    session: cookies.find((one) => one.startsWith(session)),
  }
}

async function signOn(app: FastifyInstance, url?: string) {
  const { address, cookie } = await begin(app, url)
  return comeBack(app, await followProvider(address), cookie)
}

const userOf = async (app: FastifyInstance) =>
  (await app.orchestrator.access.users.all()).find(({ source }) => source === 'oidc')

test('whoever the provider knows logs in by a link, with the role of their group, and gets where they wanted', async () => {
  const { app, provider } = await start()
  const login = await page(app, '/login?next=/runs%3Fstatus%3Dfailed')
  const link = login.html.querySelector('a.button')!
  expect(link.textContent).toBe('Log in with single sign-on')
  const begun = await begin(app, link.getAttribute('href'))
  expect(begun.status).toBe(303)
  expect(begun.headers['set-cookie']).toMatch(/; Max-Age=600; Path=\/login\/sso; HttpOnly; SameSite=Lax$/)
  expect(begun.address.startsWith(provider.issuer)).toBe(true)
  const { searchParams } = new URL(begun.address)
  expect(Object.fromEntries(searchParams)).toMatchObject({
    ...{ client_id: 'dashboard', response_type: 'code', scope: 'openid profile email', code_challenge_method: 'S256' },
    redirect_uri: 'http://localhost:8000/login/sso/callback',
  })
  const back = await comeBack(app, await followProvider(begun.address), begun.cookie)
  expect(back).toMatchObject({ status: 303, location: '/runs?status=failed' })
  expect((await ask(app, back.session!, '/runs')).statusCode).toBe(200)
  expect((await ask(app, back.session!, '/orchestrator/remove-expired', { method: 'POST' })).statusCode).toBe(403)
  expect(await userOf(app)).toMatchObject({ name: 'olga', role: 'operator', agents: null })
})

test('an answer counts once, for the browser that asked, for ten minutes', async () => {
  const clock = createTestClock()
  const { app } = await start(undefined, undefined, { clock })
  const { address, cookie } = await begin(app)
  const other = await begin(app)
  const back = await followProvider(address)
  const expired = { status: 400, text: expect.stringMatching(/^This login took too long, was used already/) }
  expect(await comeBack(app, back, '')).toMatchObject(expired)
  expect(await comeBack(app, back, other.cookie)).toMatchObject(expired)
  expect(await comeBack(app, back.replace(/state=\w/, 'state=-'), cookie)).toMatchObject(expired)
  expect(await comeBack(app, back, cookie)).toMatchObject({ status: 303, location: '/' })
  expect(await comeBack(app, back, cookie)).toMatchObject({ ...expired, session: undefined })
  const late = await followProvider(other.address)
  await clock.leap(600_000)
  expect(await comeBack(app, late, other.cookie)).toMatchObject({ ...expired, session: undefined })
})

test('a code that the provider gave to another attempt lets nobody in', async () => {
  const { app } = await start(undefined, undefined, { logger: false })
  const [mine, theirs] = [await begin(app), await begin(app)]
  const code = new URL(await followProvider(theirs.address)).searchParams.get('code')!
  const injected = new URL(await followProvider(mine.address))
  injected.searchParams.set('code', code)
  expect(await comeBack(app, injected.href, mine.cookie)).toMatchObject({ status: 503, session: undefined })
})

test('without a role nobody gets in, and whoever loses theirs is out everywhere', async () => {
  const { app, person } = await start(['staff'])
  const refused = { status: 403, session: undefined, text: expect.stringMatching(/none of your groups has a role/) }
  expect(await signOn(app)).toMatchObject(refused)
  expect(await userOf(app)).toBeUndefined()
  person.groups = ['admins', 'ops']
  const first = await signOn(app)
  expect(await userOf(app)).toMatchObject({ role: 'admin' })
  person.groups = ['ops']
  expect(await signOn(app)).toMatchObject({ status: 303 })
  expect(await userOf(app)).toMatchObject({ role: 'operator' })
  const asBefore = await ask(app, first.session!, '/orchestrator/remove-expired', { method: 'POST' })
  expect(asBefore.statusCode).toBe(403)
  person.groups = []
  expect(await signOn(app)).toMatchObject(refused)
  expect((await ask(app, first.session!, '/runs')).statusCode).toBe(401)
})

test('a name that an admin has too gives nobody their account', async () => {
  const { app } = await start(['ops'], 'ann')
  const back = await signOn(app)
  const users = await app.orchestrator.access.users.all()
  expect(users.map(({ name, source, role }) => [name, source, role]).sort()).toEqual([
    ['ann', 'oidc', 'operator'],
    ['ann', 'password', 'admin'],
  ])
  expect((await ask(app, back.session!, '/orchestrator/remove-expired', { method: 'POST' })).statusCode).toBe(403)
  await cookieFor(app, 'ann')
})

test('the role of their groups cannot be changed here, and a user who is removed is logged out', async () => {
  const { app } = await start()
  const { session: cookie } = await signOn(app)
  const { users } = app.orchestrator.access
  const { id } = (await userOf(app))!
  await expect(users.change(id, { role: 'admin' }, localActor)).rejects.toThrow('the role of their groups')
  await users.remove(id, localActor)
  expect((await ask(app, cookie!, '/runs')).statusCode).toBe(401)
})

test('when the provider is down, the dashboard says so, takes passwords, and asks it again later', async () => {
  const { app, provider } = await start(undefined, undefined, { logger: false })
  await provider.stop()
  const { status, headers } = await begin(app)
  expect([status, headers.location]).toEqual([503, undefined])
  expect((await page(app, '/login/sso')).text).toContain('The single sign-on provider gave no valid answer.')
  await cookieFor(app, 'ann')
})

test('a provider that does not let somebody in is not repeated in words', async () => {
  const { app, provider } = await start()
  const { address, cookie } = await begin(app)
  const { searchParams } = new URL(address)
  const answer = new URLSearchParams({
    error: 'access_denied',
    error_description: 'Call 0900',
    iss: provider.issuer,
    state: searchParams.get('state')!,
  })
  const back = await comeBack(app, `http://localhost:8000/login/sso/callback?${answer}`, cookie)
  expect(back).toMatchObject({ status: 403, text: 'The single sign-on provider did not let you in.' })
})

/** The page after a logout, of whoever has this session. */
async function logOut(app: FastifyInstance, cookie: string) {
  const left = await app.inject({ method: 'POST', url: '/logout', headers: { ...asBrowser, cookie } })
  const shown = await page(app, String(left.headers.location))
  return { ...shown, location: left.headers.location, links: shown.html.querySelectorAll('a.button') }
}

test('who logs out is told that the provider still knows them, and where to log out there', async () => {
  const { app, provider } = await start()
  const { session: cookie } = await signOn(app)
  const { location, text, links } = await logOut(app, cookie!)
  expect(location).toBe('/login/sso/left')
  expect((await ask(app, cookie!, '/runs')).statusCode).toBe(401)
  expect(text).toContain(`You are logged out here, but not at ${new URL(provider.issuer).host}`)
  expect(links.map((link) => [link.text, link.getAttribute('href')])).toEqual([
    ['Log out there too', `${provider.issuer}session/end?client_id=dashboard`],
    ['Log in again', '/login'],
  ])
  expect((await logOut(app, await cookieFor(app, 'ann'))).location).toBe('/login')
  expect((await logOut(app, cookie!)).location).toBe('/login')
})

test('without a way to log out at the provider, or without an answer of it, that is said', async () => {
  for (const isDown of [false, true]) {
    const { app, provider } = await start(undefined, undefined, { logger: false }, false)
    const { session: cookie } = await signOn(app)
    if (isDown) await provider.stop()
    const { text, links } = await logOut(app, cookie!)
    expect(text).toContain('It has no logout address. Log out on its own pages.')
    expect(links.map((link) => link.text)).toEqual(['Log in again'])
  }
})

test('with single sign-on, this machine logs in too, also before there is a user', async () => {
  const provider = await startProvider({ sub: 'o', preferred_username: 'olga', groups: ['ops'] })
  const app = await buildAppWithUsers({}, provider.config)
  expect((await page(app, '/')).headers.location).toBe('/login?next=%2F')
  expect((await page(app, '/login')).status).toBe(200)
  expect(await signOn(app)).toMatchObject({ status: 303, location: '/' })
})

test('with single sign-on, a start for other machines needs no user, but a public URL', async () => {
  const exposed = { ...loadConfig({ host: '0.0.0.0', port: 0 }, {}), oidcIssuer: 'https://login.example.com/' }
  const groupRoles: Config['groupRoles'] = [['ops', 'operator']]
  const config = { ...exposed, oidcClientId: 'dashboard', groupRoles }
  await expect(serve(config)).rejects.toThrow(StartError)
  await expect(serve(config)).rejects.toThrow(
    'CONFIGURABLE_AGENTS_OIDC_ISSUER needs CONFIGURABLE_AGENTS_PUBLIC_URL too.',
  )
  const published = { ...config, publicUrl: 'https://tools.example.com' }
  const app = await buildAppWithUsers({}, published)
  expect(await prepareAccess(app.orchestrator.access, published)).toEqual({})
  expect((await page(app, '/')).status).toBe(303)
})

test('sessions of single sign-on end when it is switched off', async () => {
  const { app, provider } = await start()
  const { session: cookie } = await signOn(app)
  await app.close()
  const without = await buildAppWithUsers({}, { db: app.db })
  expect((await ask(without, cookie!, '/runs')).statusCode).toBe(401)
  await without.close()
  const again = await buildAppWithUsers({}, { db: app.db, ...provider.config, oidcIssuer: 'http://127.0.0.1:1/' })
  expect((await ask(again, cookie!, '/runs')).statusCode).toBe(401)
})
