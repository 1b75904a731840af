import { expect, test } from 'vitest'
import { includesRole, type Role } from '../../src/shared/role.ts'
import { ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { namesOfRoutes } from '../support/api/routes.ts'
import { expectDeclared } from '../support/declared-answers.ts'

const roles = ['viewer', 'operator', 'admin'] as const
const kinds = {
  json: { accept: 'application/json' },
  page: { accept: 'text/html' },
  partial: { accept: 'text/html', 'hx-request': 'true', 'hx-request-type': 'partial' },
}
/** Whose session it is counts there, not the role alone: `people.test.ts`. */
const aside = ['POST /settings/sessions/{id}/end']
/** It ends the sessions that the others need. */
const last = 'POST /logout'
const open = [
  ...['GET /health', 'GET /healthz', 'GET /readyz', 'GET /login', 'POST /login', 'GET /setup', 'POST /setup'],
  ...['GET /login/sso', 'GET /login/sso/callback', 'GET /login/sso/left', 'POST /logout'],
]

test('every route lets in whoever has the role that it needs, and nobody else', async () => {
  const needs = new Map<string, Role>()
  const app = await buildAppWithUsers(
    { viewer: 'viewer', operator: 'operator', admin: 'admin' },
    {},
    {
      onAnswer: async (request, reply, payload) => {
        needs.set(request.url, request.routeOptions.config.needs!)
        return expectDeclared(request, reply, payload)
      },
    },
  )
  const cookies = new Map(await Promise.all(roles.map(async (role) => [role, await cookieFor(app, role)] as const)))
  const all = namesOfRoutes(app).filter((name) => ![...aside, last].includes(name))
  all.push(last)
  expect(all.length).toBeGreaterThan(80)
  const openHere = new Set<string>()
  const wrong: string[] = []
  for (const name of all) {
    const [method, path] = name.split(' ') as ['GET' | 'POST' | 'DELETE', string]
    const url = path.replace(/\{\w+\}/g, 'none')
    for (const [kind, headers] of Object.entries(kinds)) {
      for (const role of [undefined, ...roles]) {
        const { statusCode } = await ask(app, cookies.get(role!) ?? '', url, { method, headers })
        const needed = needs.get(url)!
        const allowed = role !== undefined && includesRole(role, needed === 'agent' ? 'admin' : (needed as typeof role))
        if (needed === 'anyone' && !url.startsWith('/assets/')) openHere.add(name)
        const isRefused = statusCode === 401 || statusCode === 403 || (role === undefined && statusCode === 303)
        const isRight = needed === 'anyone' || isRefused !== allowed
        if (!isRight || statusCode === 500) wrong.push(`${name} ${kind} ${role}: ${statusCode}`)
      }
    }
  }
  expect(wrong).toEqual([])
  expect([...openHere].sort(), 'what needs no login').toEqual(open.toSorted())
})
