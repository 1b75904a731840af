import { expect, onTestFinished, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { routes } from '../../src/web/http/paths.ts'
import { examplesOf, operationsOf, readDocument } from '../support/api/operations.ts'
import { namesOfRoutes } from '../support/api/routes.ts'
import { buildTestApp } from '../support/app.ts'
import { copyEmptyDatabase } from '../support/store/migrated-file.ts'
import { temporaryFile } from '../support/temporary.ts'

test.each([
  ['a schema', { config: { needs: 'viewer' as const } }],
  ['an answer', { config: { needs: 'viewer' as const }, schema: {} }],
  ['any answer', { config: { needs: 'viewer' as const }, schema: { response: {} } }],
  ['what it needs', { schema: { hide: true } }],
])('the program does not start with a route that does not declare %s', async (_, options) => {
  const db = temporaryFile()
  copyEmptyDatabase(db)
  const app = await buildApp(loadConfig({ db }, {}))
  onTestFinished(() => app.close())
  app.get('/new', options, () => 'new')
  await expect(app.ready()).rejects.toThrow('GET /new; HEAD /new.')
})

/** Only pages and their scripts ask for these. */
const ofPages = [
  'GET /docs/api',
  'GET /login',
  'GET /login/sso',
  'GET /login/sso/callback',
  'GET /login/sso/left',
  'GET /orchestrator/register',
  'GET /orchestrator/{id}/menu',
  'GET /palette',
  'GET /setup',
  'GET /runs/further',
  'GET /runs/search-help',
  'GET /runs/{id}/bottleneck/tree',
  'GET /runs/{id}/peek',
  'GET /runs/{id}/states/{state}/tree',
  'GET /runs/{id}/states/{state}/view',
  'GET /runs/{id}/{name}/tree',
  'GET /settings/tokens/new',
  'GET /settings/tokens/{id}/remove',
  'POST /login',
  'POST /logout',
  'POST /orchestrator/{id}/edit/test',
  'POST /orchestrator/{id}/remove',
  'POST /runs/views/{id}/delete',
  'POST /settings/tokens/{id}/remove',
  'POST /setup',
]

/** Files, and what Fastify or we answer where there is nothing. */
const aside = [routes.assets, routes.badAddress, '/*']

/** Once a user is added, all examples would need a login. */
const ofPeople = [
  'DELETE /settings/users/{id}',
  'GET /settings/account',
  'GET /settings/users',
  'GET /settings/users/new',
  'GET /settings/users/{id}',
  'GET /settings/users/{id}/password',
  'GET /settings/users/{id}/remove',
  'GET /settings/users/{id}/sessions',
  'POST /settings/account/end-others',
  'POST /settings/account/password',
  'POST /settings/sessions/{id}/end',
  'POST /settings/users',
  'POST /settings/users/{id}',
  'POST /settings/users/{id}/password',
  'POST /settings/users/{id}/remove',
]

test('every route is in the document, but for those of pages alone', async () => {
  const app = await buildTestApp()
  const documented = new Set(operationsOf(await readDocument(app)).map(({ name }) => name))
  const all = namesOfRoutes(app).filter((name) => !aside.some((path) => name.split(' ')[1]!.startsWith(path)))
  expect(all).toContain('DELETE /runs/views/{id}')
  expect(all.filter((name) => !documented.has(name)).toSorted()).toEqual([...ofPages, ...ofPeople].toSorted())
  expect([...documented].filter((name) => !all.includes(name))).toEqual([])
})

test('every documented request has a name, its errors, and examples of what it needs', async () => {
  for (const described of operationsOf(await readDocument(await buildTestApp()))) {
    const { name, path, operation } = described
    const { summary, tags, responses, requestBody } = operation
    expect({ name, summary, tags }).toEqual({
      name,
      summary: expect.stringMatching(/^[A-Z]/),
      tags: [expect.any(String)],
    })
    expect(examplesOf(described), name).toBeDefined()
    if (path.includes('{')) expect(Object.keys(responses), name).toContain('404')
    if (requestBody) expect(Object.keys(responses), name).toContain('422')
    if (described.method !== 'GET') expect(Object.keys(responses), name).toEqual(expect.arrayContaining(['503', '507']))
  }
})
