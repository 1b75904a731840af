import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { addUser, ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { api, buildTestApp, expectProblem, page, submit, submitPartial, type TestApp } from '../support/app.ts'
import { insertRuns } from '../support/runs/runs.ts'

const viewsOn = async (app: TestApp, url: string) =>
  (await page(app, url)).html
    .querySelectorAll('.views a')
    .map((link) => [link.text, link.getAttribute('href'), link.hasAttribute('aria-current')])

const builtIn = [
  ['All runs', '/runs', false],
  ['Failed yesterday', '/runs?status=failed&time=yesterday', false],
  ['Expensive this week', '/runs?time=this-week&sort=cost', false],
]

test('some views are there, and the one that is shown is marked', async () => {
  const app = await buildTestApp()
  expect(await viewsOn(app, '/runs?agent=x')).toEqual(builtIn)
  for (const [name, url] of builtIn)
    expect((await viewsOn(app, String(url))).filter(([, , isShown]) => isShown)).toEqual([[name, url, true]])
})

test('a filter is kept under a name, is renamed and deleted, by forms without JavaScript', async () => {
  const app = await buildTestApp()
  await insertRuns(app, [{ status: 'failed' }])
  const filtered = await page(app, '/runs?q=jazz&status=failed&older=5')
  const form = filtered.html.querySelector('#menu-view form')!
  const filter = form.querySelector('[name=filter]')!.getAttribute('value')!
  const saved = await submit(app, form.getAttribute('action')!, { name: '  Failed   jazz ', filter })
  expect([saved.status, saved.headers.location]).toEqual([303, '/runs?status=failed&q=jazz'])
  expect((await viewsOn(app, String(saved.headers.location))).at(-1)).toEqual([
    'Failed jazz',
    saved.headers.location,
    true,
  ])

  const shown = (await page(app, String(saved.headers.location))).html.querySelector('#menu-view form')!
  expect(shown.querySelector('[name=name]')!.getAttribute('value')).toBe('Failed jazz')
  const renamed = await submit(app, shown.getAttribute('action')!, { name: 'Jazz' })
  expect([renamed.status, renamed.headers.location]).toEqual([303, '/runs?status=failed&q=jazz'])
  expect((await viewsOn(app, '/runs')).at(-1)).toEqual(['Jazz', '/runs?status=failed&q=jazz', false])
  const asked = (await page(app, shown.querySelector('a')!.getAttribute('href')!)).html
  expect(asked.querySelector('h2')!.text).toBe('Delete the view “Jazz”?')
  expect(asked.querySelector('.dialog-foot a')!.getAttribute('href')).toBe('/runs?status=failed&q=jazz')
  expect(await viewsOn(app, '/runs')).toHaveLength(builtIn.length + 1)
  const question = asked.querySelector('.dialog-frame')!.getAttribute('action')!
  expect((await submit(app, question)).headers.location).toBe('/runs')
  expect((await page(app, question)).status).toBe(404)
  expect(await viewsOn(app, '/runs')).toHaveLength(builtIn.length)
})

test('where nothing is filtered, or with an error, there is nothing to save', async () => {
  const app = await buildTestApp()
  for (const url of ['/runs', '/runs?older=5', '/runs?longer=x'])
    expect((await page(app, url)).html.querySelector('#menu-view form')).toBeNull()
})

test('a name that cannot be is said at its field, in the panel and on a page', async () => {
  const app = await buildTestApp()
  const fields = { filter: 'status=failed' }
  await submit(app, '/runs/views', { ...fields, name: 'Failed' })
  for (const [name, reason] of [
    ['FAILED', 'There is a view “FAILED” already. Choose another name.'],
    [' ', 'Give the view a name.'],
    ['\u202e \u200b', 'This name has no visible characters. Use letters or digits.'],
    ['x'.repeat(41), 'Use at most 40 characters.'],
  ]) {
    for (const send of [submit, submitPartial]) {
      const { status, html } = await send(app, '/runs/views', { ...fields, name: name! })
      expect(status).toBe(422)
      expect(html.querySelector('#view-error')!.text).toBe(reason)
      expect(html.querySelector('[name=filter]')!.getAttribute('value')).toBe('status=failed')
    }
  }
  expect(await viewsOn(app, '/runs')).toHaveLength(builtIn.length + 1)
})

test('a script keeps, lists, renames and deletes views, and only filters that are valid', async () => {
  const app = await buildTestApp()
  const save = (body: object) => api(app, 'POST', '/runs/views', body)
  const { status, json } = await save({ name: 'Slow', filter: '/runs?longer=5m&columns=id&newer=7' })
  expect(status).toBe(201)
  const view = {
    view_id: json.view_id,
    name: 'Slow',
    filter: 'longer=5m&columns=id',
    url: '/runs?longer=5m&columns=id',
    is_shared: true,
  }
  expect(json).toEqual(view)
  expect((await api(app, 'GET', '/runs/views')).json).toEqual({ views: [view] })
  for (const [filter, field] of [
    ['longer=x', 'longer'],
    ['status=failled', 'status'],
    ['agnet=x', 'agnet'],
    ['/orchestrator?status=failed', 'filter'],
    ['', 'filter'],
    ['older=7', 'filter'],
  ])
    expectProblem(await save({ name: 'Other', filter }), 422, [field!])
  expectProblem(await save({ name: 'slow', filter: 'status=failed' }), 422, ['name'])
  expectProblem(await save({ name: 'Other' }), 422, ['filter'])
  const path = `/runs/views/${json.view_id}`
  expect((await api(app, 'POST', path, { name: 'Slower' })).json).toEqual({ ...view, name: 'Slower' })
  expect((await api(app, 'DELETE', path)).status).toBe(204)
  expectProblem(await api(app, 'DELETE', path), 404)
  expectProblem(await api(app, 'POST', path, { name: 'Gone' }), 404)
})

test('with users, views are of who saved them, and an admin shares one', async () => {
  const app = await buildAppWithUsers()
  await app.orchestrator.savedViews.save('Everybody’s', { status: 'lost' }, localActor)
  for (const name of ['olga', 'otto']) await addUser(app, name, 'operator')
  const [ann, olga, otto] = [await cookieFor(app, 'ann'), await cookieFor(app, 'olga'), await cookieFor(app, 'otto')]
  const send = async (cookie: string, method: 'GET' | 'POST' | 'DELETE', url: string, body?: object) => {
    const answer = await ask(app, cookie, url, {
      method,
      ...(body && { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return { status: answer.statusCode, json: answer.payload === '' ? undefined : answer.json() }
  }
  const namesOf = async (cookie: string) =>
    (await send(cookie, 'GET', '/runs/views')).json.views.map((view: { name: string; is_shared: boolean }) => [
      view.name,
      view.is_shared,
    ])
  const save = async (cookie: string, name: string, filter: string) =>
    (await send(cookie, 'POST', '/runs/views', { name, filter })).json.view_id
  const all = ['Everybody’s', true]

  const olgas = await save(olga, 'Failed', 'status=failed')
  const anns = await save(ann, 'Failed', 'status=failed&time=day')
  expect(await namesOf(olga)).toEqual([all, ['Failed', false]])
  expect(await namesOf(otto)).toEqual([all])
  for (const [method, body] of [['POST', { name: 'Mine' }], ['DELETE'], ['GET']] as const) {
    const path = method === 'GET' ? `/runs/views/${olgas}/delete` : `/runs/views/${olgas}`
    expect((await send(otto, method, path, body)).status).toBe(404)
  }

  expect((await send(olga, 'POST', `/runs/views/${olgas}`, { shared: true })).status).toBe(403)
  expect((await send(ann, 'POST', `/runs/views/${anns}`, { shared: true })).json).toMatchObject({ is_shared: true })
  expect(await namesOf(otto)).toEqual([all, ['Failed', true]])
  expect((await send(otto, 'POST', `/runs/views/${anns}`, { name: 'Mine' })).status).toBe(403)
  expect((await send(otto, 'DELETE', `/runs/views/${anns}`)).status).toBe(403)

  const shown = async (cookie: string) =>
    parse((await ask(app, cookie, '/runs?status=failed&time=day', { headers: { accept: 'text/html' } })).payload)
  const form = (await shown(ann)).querySelector('#menu-view form')!
  expect(form.querySelector('[name=shared]')!.getAttribute('value')).toBe('false')
  expect((await shown(otto)).querySelector('#menu-view')).toBeNull()
  const stopped = await ask(app, ann, form.getAttribute('action')!, {
    method: 'POST',
    headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'name=Failed&shared=false',
  })
  expect(stopped.statusCode).toBe(303)
  expect(await namesOf(otto)).toEqual([all])
})
