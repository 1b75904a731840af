import { expect, test } from 'vitest'
import { includesRole, type Role } from '../../src/shared/role.ts'
import { ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { planted, someAgentsWorld } from '../support/access/some-agents.ts'
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

/** What they may not ask, as it is about all agents. */
const aboutAll = [
  ...['POST /orchestrator/test', 'GET /metrics', 'GET /system', 'GET /system/checks'],
  ...['POST /orchestrator/remove-expired', 'GET /orchestrator/remove-expired'],
]

test('each route tells who sees some agents of others what it tells of none, and of their own all', async () => {
  const { app, cookies, send, other, otherView, otherBulk, idsOfRuns } = await someAgentsWorld()
  await send(cookies.ann, '/settings/users', { name: 'otto', password: 'a good password', role: 'operator' })
  const unlimited = await cookieFor(app, 'otto', 'a good password')
  const [otherRun, own] = [(await idsOfRuns(false))[0]!, (await idsOfRuns(true))[0]!]
  const before = [await idsOfRuns(false), (await ask(app, cookies.ann, `/orchestrator/${other}`)).payload]
  const ids = (path: string) => {
    if (path.includes('/views/')) return { other: otherView, own: undefined }
    if (path.includes('/bulk/')) return { other: otherBulk, own: undefined }
    return path.startsWith('/runs/') ? { other: otherRun, own } : { other, own: 'own' }
  }
  const wrong: string[] = []
  const all = namesOfRoutes(app).filter((name) => name.includes('{id}') && !/\/settings|\{token\}/.test(name))
  expect(all.length).toBeGreaterThan(30)
  const addresses = [...all, 'GET /runs/export?format=csv&agent={id}', 'GET /runs/export?format=ndjson&agent={id}']
  for (const name of addresses) {
    const [method, path] = name.split(' ') as ['GET' | 'POST' | 'DELETE', string]
    for (const [kind, headers] of Object.entries(kinds)) {
      const answerTo = async (cookie: string, id: string) => {
        const url = path.replace('{id}', id).replace('{name}', 'outputs').replace('{state}', '1')
        const { statusCode, payload } = await ask(app, cookie, url, { method, headers })
        const text = payload.replaceAll(id, '…').replace(/[\da-f]{8}-[\da-f]{4}-[\da-f-]{22}/g, '-')
        return { statusCode, text }
      }
      const known = ids(path)
      for (const name of ['vic', 'olga'] as const) {
        const [answered, none] = [await answerTo(cookies[name], known.other), await answerTo(cookies[name], 'nonesuch')]
        if (answered.statusCode !== none.statusCode || answered.text !== none.text || answered.text.includes(planted))
          wrong.push(`${name} ${method} ${path} ${kind}: ${answered.statusCode} ${answered.text.slice(0, 200)}`)
      }
      if (method !== 'GET' || known.own === undefined) continue
      const [limited, full] = [await answerTo(cookies.olga, known.own), await answerTo(unlimited, known.own)]
      if (limited.statusCode !== full.statusCode) wrong.push(`own ${path} ${kind}: ${limited.statusCode}`)
    }
  }
  expect([await idsOfRuns(false), (await ask(app, cookies.ann, `/orchestrator/${other}`)).payload]).toEqual(before)

  for (const name of namesOfRoutes(app).filter(
    (one) => !one.includes('{') && !one.includes('*') && !aside.includes(one),
  )) {
    const [method, url] = name.split(' ') as ['GET' | 'POST', string]
    const statusFor = async (cookie: string) =>
      (await ask(app, cookie, url, { method, headers: kinds.json })).statusCode
    const [limited, full] = [await statusFor(cookies.olga), await statusFor(unlimited)]
    if (limited !== full && !(aboutAll.includes(name) && limited === 403)) wrong.push(`${name}: ${limited} not ${full}`)
  }
  expect(wrong).toEqual([])
}, 60_000)
