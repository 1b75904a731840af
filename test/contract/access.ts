import { expect, test } from 'vitest'
import type { Session, Token, User } from '../../src/store/ports/access.ts'
import { hostileTexts } from './hostile-texts.ts'
import type { OpenStore } from './open.ts'

const user = (id: string, rest: Partial<User> = {}): User => ({
  ...{ id, source: 'password', key: id, name: id, passwordHash: 'hash', role: 'viewer', agents: null },
  ...{ createdAt: 1, lastLoginAt: null },
  ...rest,
})
const session = (id: string, userId: string, rest: Partial<Session> = {}): Session => ({
  ...{
    id,
    hash: `hash of ${id}`,
    userId,
    createdAt: 1,
    lastSeenAt: 1,
    expiresAt: 10,
    address: '::1',
    browser: 'Firefox',
  },
  ...rest,
})
const token = (id: string, rest: Partial<Token> = {}): Token => ({
  ...{ id, hash: `hash of ${id}`, name: id, kind: 'api', role: 'viewer', agents: null, createdBy: 'local' },
  ...{ createdAt: 1, expiresAt: null, lastUsedAt: null },
  ...rest,
})

export function accessContract(open: OpenStore): void {
  test('users come back as they were saved, by name', async () => {
    const { users } = (await open()).access
    const bob = user('1', { key: 'bob', name: 'Bob', role: 'operator', agents: ['a', 'b'], lastLoginAt: 5 })
    const ann = user('2', { key: 'ann', name: 'ann', source: 'oidc', passwordHash: null, agents: [] })
    for (const one of [bob, ann]) expect(await users.add(one)).toBe('added')
    expect(await users.all()).toEqual([ann, bob])
    expect(await users.find('1')).toEqual(bob)
    expect(await users.find('3')).toBeUndefined()
    expect(await users.findByKey('oidc', 'ann')).toEqual(ann)
    expect(await users.findByKey('password', 'ann')).toBeUndefined()
    expect(await users.change('1', { agents: null, name: 'Rob' })).toBe('changed')
    expect(await users.find('1')).toEqual({ ...bob, agents: null, name: 'Rob' })
    expect(await users.change('3', { name: 'x' })).toBe('gone')
  })

  test('a source knows one user by a key, whatever other sources know', async () => {
    const { users } = (await open()).access
    expect(await users.add(user('1', { key: 'ann' }))).toBe('added')
    expect(await users.add(user('2', { key: 'ann' }))).toBe('taken')
    expect(await users.add(user('3', { key: 'ann', source: 'proxy' }))).toBe('added')
  })

  test('of two who want to be the first user, one is', async () => {
    const { users } = (await open()).access
    const both = await Promise.all([users.add(user('1'), true), users.add(user('2'), true)])
    expect(both.sort()).toEqual(['added', 'not-first'])
    expect(await users.all()).toHaveLength(1)
  })

  test('the last admin with a password stays, also when two are removed at once', async () => {
    const { users } = (await open()).access
    await users.add(user('1', { role: 'admin' }))
    await users.add(user('sso', { role: 'admin', source: 'oidc', passwordHash: null }))
    expect(await users.remove('1')).toBe('last-admin')
    expect(await users.change('1', { role: 'operator' })).toBe('last-admin')
    expect(await users.change('1', { role: 'admin', lastLoginAt: 7 })).toBe('changed')
    await users.add(user('2', { role: 'admin' }))
    const both = await Promise.all([users.remove('1'), users.remove('2')])
    expect(both.sort()).toEqual(['last-admin', 'removed'])
    expect(await users.remove('sso')).toBe('removed')
    expect(await users.remove('sso')).toBe('gone')
  })

  test('sessions are found with their user, and end with the user', async () => {
    const { users, sessions } = (await open()).access
    await users.add(user('1'))
    expect(await sessions.add(session('a', '1'), 'hash')).toBe(true)
    expect(await sessions.add(session('b', '1', { createdAt: 2 }), 'hash')).toBe(true)
    expect(await sessions.add(session('c', 'nobody'), 'hash')).toBe(false)
    expect(await sessions.find('hash of a')).toEqual({ session: session('a', '1'), user: user('1') })
    expect(await sessions.find('a')).toBeUndefined()
    await sessions.seen('a', 9)
    expect((await sessions.all('1')).map(({ id, lastSeenAt }) => [id, lastSeenAt])).toEqual([
      ['b', 1],
      ['a', 9],
    ])
    expect(await sessions.end('b')).toBe(true)
    expect(await sessions.end('b')).toBe(false)
    await users.remove('1')
    expect(await sessions.find('hash of a')).toBeUndefined()
    expect(await sessions.all()).toEqual([])
  })

  test('a new password ends the sessions of its user, but the one that is named', async () => {
    const { users, sessions } = (await open()).access
    for (const id of ['1', '2']) await users.add(user(id))
    for (const id of ['a', 'b']) await sessions.add(session(id, '1'), 'hash')
    await sessions.add(session('c', '2'), 'hash')
    expect(await users.setPassword('1', 'new', { exceptSession: 'b', before: 'hash' })).toBe('changed')
    expect((await users.find('1'))?.passwordHash).toBe('new')
    expect((await sessions.all()).map(({ id }) => id).sort()).toEqual(['b', 'c'])
    expect(await users.setPassword('1', 'newer')).toBe('changed')
    expect((await sessions.all()).map(({ id }) => id)).toEqual(['c'])
    expect(await users.setPassword('3', 'new')).toBe('gone')
  })

  test('what was decided by an old password comes to nothing after a new one', async () => {
    const { users, sessions } = (await open()).access
    await users.add(user('1'))
    await users.add(user('sso', { source: 'oidc', passwordHash: null }))
    await users.setPassword('1', 'new')
    expect(await sessions.add(session('a', '1'), 'hash')).toBe(false)
    expect(await users.setPassword('1', 'late', { exceptSession: '', before: 'hash' })).toBe('changed-before')
    expect((await users.find('1'))?.passwordHash).toBe('new')
    expect(await sessions.add(session('a', '1'), 'new')).toBe(true)
    expect(await sessions.add(session('b', 'sso'), null)).toBe(true)
    expect(await users.setPassword('3', 'new', { exceptSession: '', before: null })).toBe('gone')
  })

  test('sessions that expired are forgotten', async () => {
    const { users, sessions } = (await open()).access
    await users.add(user('1'))
    await sessions.add(session('old', '1', { expiresAt: 9 }), 'hash')
    await sessions.add(session('new', '1', { expiresAt: 10 }), 'hash')
    await sessions.prune(10)
    expect((await sessions.all()).map(({ id }) => id)).toEqual(['new'])
  })

  test('tokens come back as they were saved; a name is given once', async () => {
    const { tokens } = (await open()).access
    const ci = token('1', { name: 'CI', role: 'operator', agents: ['a'], expiresAt: 9 })
    expect(await tokens.add(ci)).toBe('added')
    expect(await tokens.add(token('2', { name: 'ci' }))).toBe('taken')
    expect(await tokens.add(token('3', { name: 'agents', kind: 'registration' }))).toBe('added')
    expect((await tokens.all()).map(({ name }) => name)).toEqual(['agents', 'CI'])
    expect(await tokens.find('hash of 1')).toEqual(ci)
    await tokens.used('1', 5)
    expect(await tokens.find('hash of 1')).toEqual({ ...ci, lastUsedAt: 5 })
    expect(await tokens.remove('1')).toBe(true)
    expect(await tokens.remove('1')).toBe(false)
    expect(await tokens.find('hash of 1')).toBeUndefined()
  })

  test('the revision moves with each change, and not when somebody is seen', async () => {
    const { access } = await open()
    const { users, sessions, tokens } = access
    let known = access.revision()
    function moved(): boolean {
      const before = known
      known = access.revision()
      return known !== before
    }
    await users.add(user('1'))
    expect(moved()).toBe(true)
    await sessions.add(session('a', '1'), 'hash')
    expect(moved()).toBe(true)
    await tokens.add(token('1'))
    expect(moved()).toBe(true)
    await sessions.seen('a', 5)
    await tokens.used('1', 5)
    expect(moved()).toBe(false)
    await sessions.end('a')
    expect(moved()).toBe(true)
    await tokens.remove('1')
    expect(moved()).toBe(true)
    await users.setPassword('1', 'new')
    expect(moved()).toBe(true)
  })

  test('any text may be a name', async () => {
    const { users, tokens } = (await open()).access
    for (const [index, text] of Object.values(hostileTexts).entries()) {
      const id = String(index)
      const named = user(id, { name: text, agents: [text] })
      expect(await users.add(named)).toBe('added')
      expect((await users.find(id))?.passwordHash).toBe('hash')
      expect(await tokens.add(token(id, { name: `${index} ${text}`, createdBy: text }))).toBe('added')
    }
  })
}
