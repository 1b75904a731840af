import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { buildAppWithUsers } from '../support/access/people.ts'
import { cli } from '../support/cli.ts'

test('commands show a token, and say what to do without one that may do it', async () => {
  const app = await buildAppWithUsers()
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const token = { name: 'reader', kind: 'api', role: 'viewer', agents: null, expiresInDays: null } as const
  const { secret } = await app.orchestrator.access.tokens.create(token, localActor)
  const run = (...args: string[]) => cli([...args, '--url', url])

  expect(await run('runs', 'list', '--token', secret)).toMatchObject({ code: 0 })
  expect(await run('status', '--token', secret)).toMatchObject({ code: 0 })
  expect((await run('run', 'writer', '--token', secret)).err).toContain('no agent "writer"')
  const none = await run('runs', 'list')
  expect(none.code).toBe(1)
  expect(none.err).toContain('Show a token with CONFIGURABLE_AGENTS_TOKEN or --token.')
  const viewer = await run('agents', 'check', '--token', secret)
  expect(viewer.err).toContain(
    'This needs the role operator. reader has the role viewer.\nUse a token that may do this',
  )

  const odd = await run('status', '--token', 'hunter2')
  expect(odd).toMatchObject({ code: 2, err: expect.stringContaining('--token: a token begins with ca_.') })
  const both = await cli(['status', '--token', secret, '--url', url.replace('//', '//ann:pass@')])
  expect(both).toMatchObject({ code: 2, err: expect.stringContaining('not both') })
  const unreachable = await cli(['status', '--token', secret, '--url', 'http://127.0.0.1:9'])
  for (const { out, err } of [none, viewer, odd, both, unreachable]) expect(out + err).not.toMatch(/hunter2|ca_\w/)
})
