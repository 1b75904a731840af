import type { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import type { AuditEntry } from '../../src/store/ports/audit.ts'
import { ask, cookieFor } from '../support/access/people.ts'
import { at, insertEntries, openTrail, type Row, runEntry, url } from '../support/audit/trail.ts'

const idsIn = (html: ReturnType<typeof parse>) =>
  html
    .querySelectorAll('.audit-rows tbody tr')
    .map((row) => row.querySelectorAll('td')[3]!.textContent.replace(/\s+/g, ' ').trim())

const mixed: Row[] = [
  runEntry('r1', 'writer'),
  runEntry('r2', 'editor', { actorName: 'Cid' }),
  runEntry('r3', 'writer', { action: 'run.rerun', details: { rerun_of: 'r1' } }),
  { action: 'agent.pause', subjectKind: 'agent', subjectId: 'writer', subjectName: 'Writer', agentId: 'writer' },
  { action: 'user.add', subjectKind: 'user', subjectId: 'u-gone', subjectName: 'Gone Greta' },
  { action: 'user.remove', subjectKind: 'user', subjectId: 'u-gone', subjectName: 'Gone Greta', actorName: 'ann' },
]

test('an entry is told whole: to programs in their words, to people in theirs', async () => {
  const { found, page } = await openTrail(mixed)
  const { entries } = await found('run=r3')
  expect(entries).toEqual([
    {
      at: '2026-11-20T09:02:00.000Z',
      by: { id: 'user:bob', name: 'bob', role: 'operator' },
      action: 'run.rerun',
      subject: { kind: 'run', id: 'r3', name: null },
      agent_id: 'writer',
      details: { rerun_of: 'r1' },
      address: '10.0.0.7',
    },
  ])
  const { html } = await page('run=r3')
  const cells = html
    .querySelectorAll('.audit-rows tbody td')
    .map((cell) => cell.textContent.replace(/\s+/g, ' ').trim())
  expect(cells.slice(1)).toEqual(['bob', 'Rerun', 'r3 on writer · of r1', '10.0.0.7'])
  expect(html.querySelector('.audit-rows a[href="/runs/r3"]')).not.toBeNull()
  expect(html.querySelector('.audit-rows a[href="/settings/audit?by=bob"]')).not.toBeNull()
})

test.each([
  ['by=bob', ['u-gone', 'writer', 'r3', 'r1']],
  ['by=BOB&action=run.execute', ['r1']],
  ['action=run.execute', ['r2', 'r1']],
  ['agent=writer', ['writer', 'r3', 'r1']],
  ['run=r2', ['r2']],
  ['user=gone%20greta', ['u-gone', 'u-gone']],
  ['user=u-gone&by=ann', ['u-gone']],
  ['by=bob&from=2026-11-20T09:01&to=2026-11-20T09:03', ['r3']],
  ['to=2026-11-19', []],
  ['by=somebody', []],
  ['agent=Writer', []],
])('%s selects %j', async (query, ids) => {
  const { found, page } = await openTrail(mixed)
  const { entries } = await found(query)
  expect(entries.map((entry: { subject: { id: string } }) => entry.subject.id)).toEqual(ids)
  const { status, html } = await page(query)
  expect([status, idsIn(html).length]).toEqual([200, ids.length])
  if (ids.length === 0) expect(html.querySelector('#audit .card .muted')!.textContent).toBe('No entries match.')
})

test('a user is found by name among those that there are', async () => {
  const { app, cookie, found } = await openTrail([], { ann: 'admin', 'Öla Berg': 'operator' })
  const actions = async (query: string) =>
    (await found(query)).entries.map(({ action, details }: AuditEntry) => [action, details])
  expect(await actions('user=öla berg')).toEqual([['user.add', { role: 'operator', sees: 'all' }]])
  const users = (await ask(app, cookie, '/settings/users')).json().users as { user_id: string; name: string }[]
  const id = users.find(({ name }) => name === 'Öla Berg')!.user_id
  expect(await actions(`user=${id}`)).toEqual([['user.add', { role: 'operator', sees: 'all' }]])
  await ask(app, cookie, `/settings/users/${id}`, { method: 'DELETE' })
  expect((await actions('user=Öla Berg')).map(([action]: [string]) => action)).toEqual(['user.remove', 'user.add'])
})

test.each([
  [
    'action=run.excute',
    'action',
    'There is no action “run.excute”. Write one as entries have it, such as run.execute.',
  ],
  ['from=soon', 'from', 'Write a day or a time in UTC, such as 2026-11-20 or 2026-11-20T16:30.'],
  ['from=2026-11-20&to=2026-11-19', 'to', 'This is before the start. Choose a later end.'],
  ['user=nobody', 'user', 'There is no user “nobody”, and none was removed as far as entries are kept.'],
  ['run=r1&user=ann', 'user', 'Filter by run or by user: no entry is about both.'],
  ['agnet=writer', 'agnet', 'There is no field “agnet”. There are by, action, agent, run, user, from'],
  ['older=newest', 'older', 'older must be a position that a page has given.'],
])('%s is refused with a sentence, and selects nothing', async (query, field, sentence) => {
  const { app, cookie, page } = await openTrail(mixed)
  for (const address of [`${url}?${query}`, `${url}/export?format=csv&${query}`]) {
    const answer = await ask(app, cookie, address)
    expect(answer.statusCode, answer.payload).toBe(422)
    const isOfPages = address.includes('export') && query.startsWith('older')
    expect(answer.json().errors[0]).toMatchObject({
      field,
      message: expect.stringContaining(isOfPages ? 'There is no field “older”' : sentence),
    })
  }
  const { status, html } = await page(query)
  expect(status).toBe(422)
  expect(idsIn(html)).toEqual([])
  expect(html.querySelector('#audit')!.textContent).toContain(sentence)
  expect(html.querySelector('#audit .card .muted')!.textContent).toBe('Correct the filter to see entries.')
})

test('programs are told of fields that are empty or repeated; of a form, what is empty is not asked for', async () => {
  const { app, cookie, page } = await openTrail(mixed)
  for (const query of ['by=', 'by=ann&by=bob', 'limit=0'])
    expect((await ask(app, cookie, `${url}?${query}`)).statusCode, query).toBe(422)
  const { headers, html } = await page(
    'by=&action=run.execute&agent=&run=&user=&local_from=2026-11-20T09:01&local_to=',
    {
      'hx-request': 'true',
      'hx-request-type': 'partial',
      'hx-source': 'form#audit-filter',
    },
  )
  expect(idsIn(html)).toEqual(['r2 on editor'])
  expect(headers['hx-push-url']).toBe('/settings/audit?action=run.execute&from=2026-11-20T09%3A01')
  expect(html.firstElementChild!.id).toBe('audit')
})

test('times of the form are those of the reader', async () => {
  const { cookie, page, found } = await openTrail(mixed)
  const inBerlin = { cookie: `${cookie}; reader-zone=Europe/Berlin` }
  const { html } = await page('local_from=2026-11-20T10:04&by=bob', inBerlin)
  expect((await found('from=2026-11-20T09:04&by=bob')).entries).toHaveLength(1)
  expect(idsIn(html)).toHaveLength(1)
  expect(html.querySelector('#audit-from')!.getAttribute('value')).toBe('2026-11-20T10:04')
})

test('pages follow each other by position, whatever is added meanwhile', async () => {
  const many = Array.from({ length: 120 }, (_, index) => runEntry(`r${index}`, 'writer'))
  const { app, cookie, found, page } = await openTrail(many)
  const seen: string[] = []
  let next: string | null = `${url}?agent=writer&limit=50`
  while (next !== null) {
    const { entries, older }: { entries: { subject: { id: string } }[]; older: string | null } = (
      await ask(app, cookie, next)
    ).json()
    seen.push(...entries.map(({ subject }) => subject.id))
    await insertEntries(app, [runEntry(`later${seen.length}`, 'writer', { at: at + 1e9 })])
    next = older
  }
  expect(seen).toEqual(many.map(({ subjectId }) => subjectId).reverse())

  const first = await page('run=r7&agent=writer')
  expect(first.html.querySelector('.pager a')).toBeNull()
  const pathOf = (html: ReturnType<typeof parse>, rel: string) =>
    html.querySelector(`.pager a[rel=${rel}]`)!.getAttribute('href')!.replaceAll('&amp;', '&').slice(`${url}?`.length)
  const top = await page('agent=writer')
  const second = await page(pathOf(top.html, 'next'))
  expect(idsIn(second.html)[0]).toContain(`r${120 + 3 - 50 - 1}`)
  const back = await page(pathOf(second.html, 'prev'))
  expect(idsIn(back.html)).toEqual(idsIn(top.html))
  expect((await found('agent=writer&limit=1')).entries).toHaveLength(1)
})

test('who is no admin neither reads nor exports it', async () => {
  const { app } = await openTrail(mixed, { ann: 'admin', olga: 'operator', vera: 'viewer' })
  for (const name of ['olga', 'vera']) {
    const cookie = await cookieFor(app, name)
    for (const address of [url, `${url}/export?format=csv`])
      expect((await ask(app, cookie, address)).statusCode).toBe(403)
    const settings = await ask(app, cookie, '/system', { headers: { accept: 'text/html' } })
    expect(settings.payload).not.toContain('/settings/audit')
  }
  expect((await ask(app, '', url)).statusCode).toBe(401)
})

test('how long entries are kept is said there and among the settings', async () => {
  const { app, cookie, page } = await openTrail([])
  expect((await page('')).html.textContent).toMatch(
    /Entries are kept for 365 days: CONFIGURABLE_AGENTS_KEEP_AUDIT_DAYS/,
  )
  const checks = await ask(app, cookie, '/system/checks')
  expect(checks.json().settings).toContainEqual({
    ...{ variable: 'CONFIGURABLE_AGENTS_KEEP_AUDIT_DAYS', value: 365, default: 365 },
  })
})

test('what nobody may print is shown as it is', async () => {
  const hostile = '<script>alert(1)</script>'
  const { page } = await openTrail([
    runEntry(hostile, hostile, { actorName: hostile, details: { [hostile]: hostile } }),
    { action: 'later.version', subjectKind: 'view', subjectId: 'v', subjectName: hostile },
  ])
  const { html } = await page(`agent=${encodeURIComponent(hostile)}`)
  expect(html.querySelector('main script')).toBeNull()
  expect(idsIn(html)).toHaveLength(1)
})
