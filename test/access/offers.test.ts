import type { FastifyInstance } from 'fastify'
import { type HTMLElement, parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { ask, buildAppWithUsers, cookieFor, passwordOf } from '../support/access/people.ts'
import { json, startAgent } from '../support/agents/agent.ts'
import { ended, execute, register } from '../support/app.ts'

type Offer = { method: 'GET' | 'POST' | 'DELETE'; url: string }

const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** All that a page leads to or can send. */
function offersOf(html: HTMLElement): Offer[] {
  return html.querySelectorAll('*').flatMap((element): Offer[] => {
    const { attributes } = element
    const method =
      (attributes.formmethod ?? element.closest('form')?.getAttribute('method')) === 'post' ? 'POST' : 'GET'
    const found = [
      { method: 'GET', url: attributes.href },
      { method: 'GET', url: attributes['hx-get'] },
      { method: 'POST', url: attributes['hx-post'] },
      { method: 'POST', url: attributes['data-post'] },
      { method: 'DELETE', url: attributes['hx-delete'] },
      { method, url: attributes.action },
      { method, url: attributes.formaction },
    ] as const
    return found.flatMap(({ method, url }) =>
      url?.startsWith('/') && !url.startsWith('/assets') ? { method, url } : [],
    )
  })
}

/** What the pages offer that is refused to who looks. */
async function refusedOffers(app: FastifyInstance, name: string, pages: string[]) {
  const cookie = await cookieFor(app, name)
  const refused = new Set<string>()
  const offered = new Set<string>()
  for (const url of pages) {
    const headers =
      url.endsWith('/menu') || url === '/palette'
        ? { accept: 'text/html', 'hx-request': 'true' }
        : { accept: 'text/html' }
    const shown = await ask(app, cookie, url, { headers })
    expect([url, shown.statusCode]).toEqual([url, 200])
    for (const { method, url: to } of offersOf(parse(shown.payload))) {
      const offer = `${method} ${to.split('#')[0]}`
      if (offered.has(offer) || to === '/logout') continue
      offered.add(offer)
      const answer = await ask(app, cookie, to, {
        method,
        headers: { accept: 'text/html', ...(method === 'POST' && form) },
        ...(method === 'POST' && { payload: '' }),
      })
      if (answer.statusCode === 403) refused.add(`${url}: ${offer}`)
    }
  }
  return { refused: [...refused], offered: [...offered] }
}

test('no page offers what its reader may not do', { timeout: 60_000 }, async () => {
  const app = await buildAppWithUsers({})
  const agent = await startAgent()
  await register(app, agent.url)
  const good = await execute(app, 'writer')
  await ended(app, good)
  agent.handlers.run = json({ detail: 'broken' }, 500)
  const failed = await execute(app, 'writer')
  await ended(app, failed)
  for (const [name, role] of Object.entries({ ann: 'admin', olga: 'operator', vic: 'viewer' }))
    await app.orchestrator.access.users.add({ name, password: passwordOf(name), role }, localActor)

  const pages = [
    ...[
      '/',
      '/orchestrator',
      '/orchestrator/writer',
      '/orchestrator/writer/menu',
      '/runs',
      `/runs/${good}`,
      `/runs/${failed}`,
    ],
    ...['/palette', '/system', '/system/checks', '/docs/api', '/settings/account'],
  ]
  const some = { name: 'sam', password: passwordOf('sam'), role: 'operator', agents: ['writer'] }
  await app.orchestrator.access.users.add(some, localActor)
  const limited = await refusedOffers(
    app,
    'sam',
    pages.filter((path) => !path.startsWith('/system')),
  )
  expect(limited.refused).toEqual([])
  expect(limited.offered).toContain('GET /settings/account')

  for (const name of ['ann', 'vic', 'olga']) {
    const { refused, offered } = await refusedOffers(
      app,
      name,
      name === 'ann' ? ['/orchestrator', '/settings/users'] : pages,
    )
    expect(refused, name).toEqual([])
    const has = (offer: string) => offered.some((one) => one.startsWith(offer))
    expect([name, has('GET /orchestrator/writer/execute')]).toEqual([name, name !== 'vic'])
    expect([name, has('GET /orchestrator/writer/remove')]).toEqual([name, name === 'ann'])
  }
})
