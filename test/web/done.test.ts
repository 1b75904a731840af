import type { FastifyInstance } from 'fastify'
import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { startAgent } from '../support/agents/agent.ts'
import { buildTestApp, register } from '../support/app.ts'

const hostile = `"><img src=x onerror=alert(1)>' & <b>; é`
const asBrowser = { accept: 'text/html' }
const asHtmx = { ...asBrowser, 'hx-request': 'true', 'hx-request-type': 'partial' }
const ways = [
  ['a browser without JavaScript', asBrowser],
  ['htmx', asHtmx],
] as const

/** A browser of somebody who has logged in, with all its cookies. */
async function openBrowser(app: FastifyInstance, name: string, headers: Record<string, string>) {
  const cookies = new Map([(await cookieFor(app, name)).split('=') as [string, string]])
  async function send(url: string, fields?: Record<string, string>) {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const body = fields && {
      method: 'POST' as const,
      payload: new URLSearchParams(fields).toString(),
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    }
    const answer = await ask(app, cookie, url, body ?? { headers: asBrowser })
    for (const { name: one, value, maxAge, expires } of answer.cookies as never as Record<string, never>[]) {
      if (maxAge === 0 || (expires && expires < Date.now())) cookies.delete(one!)
      else cookies.set(one!, encodeURIComponent(value!))
    }
    return answer
  }
  /** What the page says was done; undefined where it says nothing. */
  async function said(url: string): Promise<string | undefined> {
    return parse((await send(url)).payload).querySelector('#toasts .toast')?.text
  }
  return {
    said,
    /** Sends a form, and follows to the page it leads to. */
    async done(url: string, fields: Record<string, string>): Promise<string | undefined> {
      const answer = await send(url, fields)
      const leadsTo = answer.headers.location ?? answer.headers['hx-redirect']
      expect(leadsTo, `${url}: ${answer.statusCode} ${answer.payload}`).toBeDefined()
      const sentence = await said(leadsTo as string)
      expect(await said(leadsTo as string), 'a page that is loaded again').toBeUndefined()
      return sentence
    },
  }
}

test.each(ways)('%s sees once, on the next page, what was done', async (_, headers) => {
  const app = await buildAppWithUsers({ ann: 'admin' })
  const { done, said } = await openBrowser(app, 'ann', headers)
  const { users, tokens, sessions } = app.orchestrator.access
  const as = async (name: string) => (await users.all()).find((user) => user.name === name)!.id
  const password = 'a good password'
  const by = { id: `user:${await as('ann')}`, name: 'ann', role: 'admin', agents: null } as const
  expect(await said('/orchestrator')).toBeUndefined()

  expect(await done('/settings/users', { name: 'bob', password, role: 'viewer' })).toBe('Added bob.')
  const bob = await as('bob')
  expect(await done(`/settings/users/${bob}`, { role: 'operator' })).toBe('Saved bob.')
  expect(await done(`/settings/users/${bob}/password`, { password })).toBe('Changed the password of bob.')
  for (const _ of [1, 2]) await cookieFor(app, 'bob', password)
  const [session] = await sessions(bob)
  expect(await done(`/settings/sessions/${session!.id}/end`, {})).toBe('Ended the session.')
  expect(await done(`/settings/users/${bob}/remove`, {})).toBe('Removed bob.')
  await cookieFor(app, 'ann')
  expect(await done('/settings/account/end-others', {})).toBe('Ended 1 other session.')
  const own = { old: 'password of ann', password }
  expect(await done('/settings/account/password', own)).toBe('Password changed.')

  const { token } = await tokens.create({ name: 'ci', kind: 'api', role: 'viewer', agents: null, expiresInDays: 1 }, by)
  expect(await done(`/settings/tokens/${token.id}/remove`, {})).toBe('Removed ci.')

  const view = await done('/runs/views', { name: 'Failures', filter: 'status=failed' })
  expect(view).toBe('Saved the view “Failures”.')
  const [kept] = await app.orchestrator.savedViews.all(by)
  const saved = `/runs/views/${kept!.id}`
  expect(await done(saved, { name: 'Failed' })).toBe('Renamed the view “Failed”.')
  expect(await done(saved, { shared: 'true' })).toBe('Shared the view “Failed”.')
  expect(await done(saved, { shared: 'false' })).toBe('Stopped sharing the view “Failed”.')
  const both = { name: 'All failed', shared: 'true' }
  expect(await done(saved, both)).toBe('Renamed and shared the view “All failed”.')
  expect(await done(saved, { ...both, shared: 'false' })).toBe('Stopped sharing the view “All failed”.')
  expect(await done(saved, { name: 'All failed' })).toBe('Kept the name of the view “All failed”.')
  await done(saved, both)
  const back = { name: 'Failed', shared: 'false' }
  expect(await done(saved, back)).toBe('Renamed the view “Failed” and stopped sharing it.')
  expect(await done(`${saved}/delete`, {})).toBe('Deleted the view “Failed”.')
})

test('agents, without JavaScript, whatever their name and their state', async () => {
  const agent = await startAgent()
  const app = await buildAppWithUsers({ ann: 'admin' })
  const { done } = await openBrowser(app, 'ann', asBrowser)
  const typed = { agent_id: 'writer', agent_name: hostile, agent_url: agent.url }
  const fields = { ...typed, description: '' }
  expect(await done('/orchestrator/register', fields)).toBe(`Registered ${hostile}.`)
  expect(await done('/orchestrator/writer/check', {})).toBe(`${hostile}: Healthy.`)
  expect(await done('/orchestrator/check', {})).toBe('Checked: 1 healthy.')
  expect(await done('/orchestrator/writer/pause', {})).toBe(`Paused ${hostile}. It is not checked until you resume it.`)
  expect(await done('/orchestrator/writer/resume', {})).toBe(`Resumed ${hostile}.`)
  const long = '名'.repeat(100)
  expect(await done('/orchestrator/writer/edit', { agent_name: long, agent_url: agent.url })).toContain(`Saved ${long}`)
  expect(await done('/orchestrator/writer/remove', {})).toBe(`Removed ${long}. Its runs stay.`)
})

test.each([
  ['another port', { cookie: 'configurable-agents-done-8001=good%20Removed%20x.' }],
  ['the port of a name without one', { cookie: 'configurable-agents-done-=good%20Removed%20x.' }],
])('a sentence of a dashboard at %s is not shown, and is left for it', async (_, other) => {
  const app = await buildAppWithUsers({ ann: 'admin' })
  const cookie = `${await cookieFor(app, 'ann')}; ${other.cookie}`
  for (const url of ['/orchestrator', '/runs', '/settings/users']) {
    const answer = await ask(app, cookie, url, { headers: { ...asBrowser, host: 'localhost:8000' } })
    expect(answer.statusCode).toBe(200)
    expect(parse(answer.payload).querySelector('#toasts .toast')).toBeNull()
    expect(answer.cookies.filter(({ name }) => name.includes('done'))).toEqual([])
  }
})

test.each([
  ['', 'localhost:8000', '8000'],
  ['', '[::1]:8443', '8443'],
  ['', 'localhost', ''],
  ['https://tools.example.com/agents', 'localhost:8001', ''],
  ['https://tools.example.com:8443', 'localhost:8001', '8443'],
])('published as %j, what is done at %s is kept under the port %j', async (publicUrl, host, port) => {
  const agent = await startAgent()
  const app = await buildTestApp({ publicUrl })
  await register(app, agent.url)
  const headers = { ...asBrowser, host, 'sec-fetch-site': 'same-origin' }
  const answer = await app.inject({ method: 'POST', url: '/orchestrator/writer/pause', headers })
  expect(answer.cookies.map(({ name }) => name)).toEqual([`configurable-agents-done-${port}`])
})
