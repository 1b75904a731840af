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

/** Only pages and their scripts ask for these: forms and menus, what forms without JavaScript send in place of DELETE,
 * parts of a page, and what leads through a login elsewhere. */
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
  'GET /settings/users/new',
  'GET /settings/users/{id}/password',
  'GET /settings/users/{id}/remove',
  'POST /orchestrator/{id}/edit/test',
  'POST /orchestrator/{id}/remove',
  'POST /runs/views/{id}/delete',
  'POST /settings/tokens/{id}/remove',
  'POST /settings/users/{id}/remove',
  // With the secret of a link, once.
  'POST /setup',
]

/** Files, and what Fastify or we answer where there is nothing. */
const aside = [routes.assets, routes.badAddress, '/*']

test('every route is in the document, but for those of pages alone', async () => {
  const app = await buildTestApp()
  const documented = new Set(operationsOf(await readDocument(app)).map(({ name }) => name))
  const all = namesOfRoutes(app).filter((name) => !aside.some((path) => name.split(' ')[1]!.startsWith(path)))
  expect(all).toContain('DELETE /runs/views/{id}')
  expect(all.filter((name) => !documented.has(name)).toSorted()).toEqual(ofPages.toSorted())
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
    const { 'x-needs': needs, security } = operation
    const roles = security!.flatMap((one) => Object.values(one).flat())
    if (needs === 'anyone') expect(roles, name).toEqual([])
    else {
      expect(roles, name).toContain(needs === 'agent' ? 'registration' : needs)
      expect(Object.keys(responses), name).toEqual(expect.arrayContaining(['401', '403']))
    }
    if (path.includes('{')) expect(Object.keys(responses), name).toContain('404')
    if (requestBody) expect(Object.keys(responses), name).toContain('422')
    if (described.method !== 'GET') expect(Object.keys(responses), name).toEqual(expect.arrayContaining(['503', '507']))
  }
})
