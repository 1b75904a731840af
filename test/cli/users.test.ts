import { userInfo } from 'node:os'
import { expect, test } from 'vitest'
import { cli } from '../support/cli.ts'
import { connect } from '../support/store/store.ts'
import { temporaryFile } from '../support/temporary.ts'

const withPassword = { input: 'a good password' }

test('users are added, listed, given another role and removed, but for the last admin', async () => {
  const db = temporaryFile()
  const users = (...words: string[]) => cli(['users', ...words, '--db', db], withPassword)
  expect((await users('list')).out).toContain('There are no users')
  await users('add', 'ann', '--role', 'admin', '--password-stdin')
  await users('add', 'Zoë Müller', '--role', 'viewer', '--password-stdin')
  expect((await users('list')).out.split('\n').slice(1, 3)).toEqual([
    expect.stringMatching(/^ann +admin +all/),
    expect.stringMatching(/^Zoë Müller +viewer +all/),
  ])
  expect(await users('remove', 'ann')).toEqual({
    code: 1,
    out: '',
    err: 'ann is the last admin with a password. Make somebody else an admin first.\n',
  })
  expect((await users('role', 'zoë müller', 'admin')).out).toBe('Zoë Müller has the role admin now.\n')
  expect((await users('remove', 'ann')).out).toBe('Removed ann.\n')
  expect((await users('list')).out).not.toContain('ann ')

  const recorded = connect(db).prepare(
    'SELECT action, subject_name, details, actor_id, actor_name FROM dashboard_audit',
  )
  const byWhoever = ['cli', userInfo().username]
  expect(recorded.raw().all()).toEqual([
    ['user.add', 'ann', '{"role":"admin","sees":"all"}', ...byWhoever],
    ['user.add', 'Zoë Müller', '{"role":"viewer","sees":"all"}', ...byWhoever],
    ['user.change', 'Zoë Müller', '{"role":"admin","sees":"all"}', ...byWhoever],
    ['user.remove', 'ann', null, ...byWhoever],
  ])
})

test('a user sees the agents that are named, or all', async () => {
  const db = temporaryFile()
  const users = (...words: string[]) => cli(['users', ...words, '--db', db], withPassword)
  await users('list')
  const insert = connect(db).prepare(
    `INSERT INTO agents (agent_id, agent_name, host, port, last_heartbeat, ttl_seconds, registered_at)
     VALUES (?, 'Agent', 'localhost', 8001, '2026-11-22 16:00:00', 60, '2026-11-22 16:00:00')`,
  )
  for (const id of ['writer', 'scraper']) insert.run(id)
  await users('add', 'ann', '--role', 'viewer', '--agents', 'writer,scraper', '--password-stdin')
  const rowOf = async () => (await users('list')).out.split('\n')[1]
  expect(await rowOf()).toMatch(/^ann +viewer +writer, scraper/)
  expect((await users('agents', 'ann', 'writer,nobody')).err).toBe('There is no agent "nobody".\n')
  expect((await users('agents', 'ann', '')).err).toContain('is not the ID of an agent')
  expect((await users('agents', 'ann', 'writer')).out).toBe('ann sees writer now.\n')
  expect((await users('agents', 'ann', 'all')).out).toBe('ann sees all agents now.\n')
  expect(await rowOf()).toMatch(/^ann +viewer +all/)
})

test('what is wrong is said, and nothing changes', { timeout: 60_000 }, async () => {
  const db = temporaryFile()
  await cli(['users', 'add', 'ann', '--role', 'viewer', '--password-stdin', '--db', db], withPassword)
  const cases: [words: string[], code: number, message: string][] = [
    [['add', 'bob', '--role', 'boss'], 2, 'viewer, operator, admin'],
    [['add', 'bob'], 2, '--role'],
    [['add', '-', '--role', 'admin', '--password-stdin'], 1, 'A name begins with a letter'],
    [['add', 'bob', '--role', 'admin'], 2, '--password-stdin'],
    [['remove', 'nobody'], 1, 'There is no user "nobody".'],
    [['role', 'ann', 'boss'], 1, 'viewer, operator, admin'],
  ]
  for (const [words, code, message] of cases) {
    const answer = await cli(['users', ...words, '--db', db], withPassword)
    expect([words, answer]).toEqual([words, { code, out: expect.any(String), err: expect.stringContaining(message) }])
  }
  expect((await cli(['users', 'list', '--db', db])).out.split('\n')).toHaveLength(3)
})

test('a password that is too short is refused, and nobody is added', async () => {
  const db = temporaryFile()
  const short = await cli(['users', 'add', 'ann', '--role', 'admin', '--password-stdin', '--db', db], {
    input: 'short',
  })
  expect(short).toMatchObject({ code: 1, err: 'A password has at least 8 characters.\n' })
  expect((await cli(['users', 'list', '--db', db])).out).toContain('There are no users')
})
