import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { cli } from '../support/cli.ts'
import { printed, startProgram } from '../support/process.ts'
import { temporaryFile } from '../support/temporary.ts'

const command = 'bin/configurable-agents.js'
const start = (db: string, args: string[] = [], env: Record<string, string> = {}) =>
  startProgram([command, 'ui', '--host', '0.0.0.0', '--port', '0', '--db', db, ...args], env)

const logIn = (url: string, username: string, password: string) =>
  fetch(`${url}/login`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })

test('for other machines it does not start before there is a user, and says the ways to one', {
  timeout: 60_000,
}, async () => {
  const db = temporaryFile()
  const refused = start(db)
  expect(await refused.ended).toBe(1)
  expect(refused.output()).toContain(
    'Other machines can reach 0.0.0.0, and there is no user yet, so the dashboard does not start.',
  )
  for (const way of [`users add NAME --role admin --db ${db}`, 'CONFIGURABLE_AGENTS_ADMIN_PASSWORD_FILE', '--setup']) {
    expect(refused.output()).toContain(way)
  }
  const added = await cli(['users', 'add', 'Ann', '--role', 'admin', '--password-stdin', '--db', db], {
    input: 'a good password\nnot this\n',
  })
  expect(added).toEqual({ code: 0, out: 'Added Ann (admin).\n', err: '' })
  const program = start(db)
  const [, url] = await printed(program, /dashboard: (http:\S+)/)
  expect((await fetch(`${url}/runs`, { headers: { accept: 'application/json' } })).status).toBe(401)
  expect((await logIn(url!, 'ann', 'a good password')).status).toBe(200)

  // A forgotten password is reset beside the dashboard, which knows it at once.
  const reset = await cli(['users', 'reset', 'ann', '--password-stdin', '--db', db], { input: 'a better password' })
  expect(reset).toMatchObject({ code: 0, out: expect.stringContaining('Ann has a new password.') })
  expect((await logIn(url!, 'ann', 'a good password')).status).toBe(401)
  expect((await logIn(url!, 'ann', 'a better password')).status).toBe(200)
})

test('in a container, a file has the password of the first admin', { timeout: 60_000 }, async () => {
  const file = temporaryFile('password')
  writeFileSync(file, 'from a secret\n', { mode: 0o600 })
  const program = start(temporaryFile(), [], { CONFIGURABLE_AGENTS_ADMIN_PASSWORD_FILE: file })
  const [, url] = await printed(program, /dashboard: (http:\S+)/)
  expect((await logIn(url!, 'admin', 'from a secret')).status).toBe(200)
  expect(program.output()).not.toContain('from a secret')
})

test('--setup prints a link whose secret no server on the way sees', { timeout: 60_000 }, async () => {
  const program = start(temporaryFile(), ['--setup'])
  const [, page, token] = await printed(program, /15 minutes: (http:\S+\/setup)#([\w-]{43})\n/)
  const answer = await fetch(page!, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ token, username: 'ann', password: 'a good password' }),
  })
  expect(await answer.json()).toEqual({ user: { name: 'ann', role: 'admin' } })
})
