import { expect, test } from 'vitest'
import type { Config } from '../../../src/config.ts'
import { localActor } from '../../../src/shared/actor.ts'
import { addUser, cookieFor } from '../../support/access/people.ts'
import { settle } from '../../support/clock.ts'
import { openPoller, type Poller, polledAgents } from '../../support/network/poller.ts'

const repeated = { status: 304, isRepeated: true }
const full = (status: number) => ({ status, isRepeated: false })
const by = localActor
const day = 86_400_000

test('who needs no login is answered so too', async () => {
  const everybody = await openPoller({ as: {}, config: { anyoneMayLook: true } })
  expect(everybody.second).toMatchObject(repeated)
  expect(everybody.second.headers.get('x-logged-out')).toBe('1')
})

const vicOf = async ({ app }: Poller) => app.orchestrator.access.users.named('vic')

test.each<[string, number, (poller: Poller) => Promise<unknown>]>([
  ['has logged out', 401, async ({ app, as }) => app.inject({ method: 'POST', url: '/logout', headers: as })],
  [
    'has had their session ended',
    401,
    async ({ app: { orchestrator } }) => {
      const [session] = await orchestrator.access.sessions()
      expect(await orchestrator.access.endSession(session!.id, by)).toBe(true)
    },
  ],
  ['was removed', 401, async (poller) => poller.app.orchestrator.access.users.remove((await vicOf(poller)).id, by)],
  [
    'has another role',
    200,
    async (poller) => poller.app.orchestrator.access.users.change((await vicOf(poller)).id, { role: 'viewer' }, by),
  ],
  [
    'has another role, as another connection of theirs has met,',
    200,
    async (poller) => {
      const { app, as } = poller
      await app.orchestrator.access.users.change((await vicOf(poller)).id, { role: 'viewer' }, by)
      expect((await app.inject({ url: polledAgents, headers: as })).statusCode).toBe(200)
    },
  ],
  [
    'sees other agents now',
    200,
    async (poller) => {
      await poller.register('reader')
      await poller.app.orchestrator.access.users.change((await vicOf(poller)).id, { agents: ['reader'] }, by)
    },
  ],
  [
    'was given another password',
    401,
    async (poller) => poller.app.orchestrator.access.users.setPassword((await vicOf(poller)).id, 'another of vic', by),
  ],
  ['was away for long', 401, ({ clock }) => clock.leap(8 * day)],
])('whoever %s is not told that nothing has changed', async (_, status, change) => {
  const poller = await openPoller({})
  expect(poller.second).toMatchObject(repeated)
  await change(poller)
  expect(await poller.again()).toMatchObject(full(status))
})

test('a dashboard without users wants a login once there is one', async () => {
  const { app, second, again } = await openPoller({ isOpen: true })
  expect(second).toMatchObject(repeated)
  await addUser(app, 'ann', 'admin')
  await cookieFor(app, 'ann')
  expect((await app.inject('/runs')).statusCode).toBe(303)
  expect(await again()).toMatchObject(full(401))
})

test('a token is good until it is removed or has expired', async () => {
  const { app, clock, as, wire, send } = await openPoller({})
  const { tokens } = app.orchestrator.access
  const given = { name: 'ci', kind: 'api', role: 'viewer', agents: null, expiresInDays: 1 } as const
  for (const end of [(id: string) => tokens.remove(id, by), () => clock.leap(2 * day)]) {
    const { secret, token } = await tokens.create(given, by)
    const bearer = { ...as, cookie: '', authorization: `Bearer ${secret}` }
    const known = { ...bearer, 'if-none-match': (await send(bearer)).headers.get('etag')! }
    expect(await send(known)).toMatchObject(full(304))
    expect(await send(known)).toMatchObject(repeated)
    await end(token.id)
    expect(await send(known)).toMatchObject(full(401))
  }
  wire.end()
})

test('whom a proxy names is looked up and noted once, though each request asks', async () => {
  const config = {
    ...{ proxyUserHeader: 'x-user', proxyGroupsHeader: 'x-groups', trustedProxies: ['127.0.0.1'] },
    groupRoles: [['ops', 'operator']] as Config['groupRoles'],
  }
  const { app, clock, second, again } = await openPoller({ as: { 'x-user': 'olga', 'x-groups': 'ops' }, config })
  expect(second).toMatchObject(repeated)
  await clock.leap(day)
  expect(await again()).toMatchObject({ isRepeated: false })
  await settle()
  const { payload } = await app.inject({
    url: '/settings/audit',
    headers: { accept: 'application/json', cookie: await cookieFor(app, 'ann') },
  })
  const { entries } = JSON.parse(payload) as { entries: { action: string; by: { name: string } }[] }
  const logins = entries.filter((entry) => entry.action === 'session.login' && entry.by.name === 'olga')
  expect(logins).toHaveLength(2)
})
