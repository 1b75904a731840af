import type { InjectOptions } from 'fastify'
import { expect, test } from 'vitest'
import { addUser, ask, cookieFor } from '../support/access/people.ts'
import { planted, type SomeAgentsWorld, someAgentsWorld } from '../support/access/some-agents.ts'
import { crawl } from '../support/crawl.ts'

const origin = 'http://localhost'
const more = [
  ...['/', '/orchestrator', '/orchestrator?tab=down', '/orchestrator/health-check', '/orchestrator/own', '/agents'],
  ...[
    '/runs',
    '/runs?limit=500',
    '/runs?sort=cost',
    '/runs?q=jazz',
    '/runs?q=-id:x',
    '/runs?agent=/local',
    '/runs/further',
  ],
  ...['/runs/chart', '/runs/fields', '/runs/fields?agent=own', '/runs/views', '/runs/bulk', '/runs/compare'],
  ...['/runs/export?format=csv', '/runs/export?format=ndjson', '/openapi.json', '/docs/api', '/metrics', '/system'],
  ...['/settings/account', '/readyz', '/health', '/runs/search-help'],
  ...[...'abcdefghijklmnopqrstuvwxyz0123456789'].map((letter) => `/palette?q=${letter}`),
  ...['', '>', '>run', '#', '#0', '#01', 'jazz', 'failed', 'All'].map((q) => `/palette?q=${encodeURIComponent(q)}`),
]

/** Asks all that somebody can reach, and resolves to what is of others in the answers, by request. */
async function leaksFor(world: SomeAgentsWorld, cookie: string) {
  const leaks = new Map<string, string[]>()
  let asked = 0
  const { answers } = await crawl(
    more.map((path) => origin + path),
    async (address, { method = 'GET', headers, body }) => {
      const url = address.slice(origin.length)
      const isKept = url.startsWith('/logout') || url.startsWith('/settings/')
      if (method !== 'GET' && isKept) return new Response('')
      const answer = await ask(world.app, cookie, url, {
        method: method as 'GET',
        headers: headers as Record<string, string>,
        ...(typeof body === 'string' && { payload: body }),
      })
      asked++
      const found = await world.leaksIn(answer)
      if (found.length > 0) leaks.set(`${method} ${url} ${JSON.stringify(headers)}`, found)
      const isEmpty = [204, 304].includes(answer.statusCode)
      return new Response(isEmpty ? null : answer.payload, {
        status: answer.statusCode,
        headers: Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]),
      })
    },
  )
  expect(answers.filter(({ status }) => status >= 500)).toEqual([])
  return { leaks, asked }
}

test('nothing that somebody can reach has a word of an agent that they may not see', async () => {
  const world = await someAgentsWorld({ runsInAll: 1 })
  const { app, cookies } = world
  await world.addWaitingBulk()
  const waiting = await world.holdSlot()
  const queued = await ask(app, cookies.olga, `/runs/${waiting}`, { headers: { accept: 'text/html' } })
  expect(queued.payload).toContain('Queued: all 1 slots are in use')
  const seen = await Promise.all(['/', '/orchestrator', '/runs'].map((url) => ask(app, cookies.ann, url)))
  for (const answer of seen) expect((await world.leaksIn(answer)).length).toBeGreaterThan(1)

  const { leaks, asked } = await leaksFor(world, cookies.olga)
  expect(asked).toBeGreaterThan(150)
  expect([...leaks]).toEqual([])
}, 30_000)

test('what somebody asks for by its name is answered as what nobody has', async () => {
  const world = await someAgentsWorld()
  const { app, cookies, other, otherView, otherBulk } = world
  const [otherRun, otherPython] = await world.idsOfRuns(false)
  const own = (await world.idsOfRuns(true))[0]!
  const kinds = [
    { accept: 'application/json' },
    { accept: 'text/html' },
    { accept: 'text/html', 'hx-request': 'true', 'hx-request-type': 'partial' },
  ]
  const named: [known: string, path: string][] = [
    ...[otherRun!, otherPython!, `local-${planted}`].flatMap((run): [string, string][] => [
      [run, `/runs?q=id:${run}`],
      [run, `/runs?q=-id:${run}`],
      [run, `/runs/compare?a=${run}&b=${own}`],
      [run, `/runs/compare?a=${own}&b=${run}`],
      [run, `/orchestrator/own/execute?from=${run}`],
      [run, `/runs/export?format=ndjson&run=${run}&run=${own}`],
      [run, `/runs/export?format=csv&columns=in.topic&run=${run}`],
    ]),
    ...[other, `local_${planted}`, `flow_${planted}`, `Agent ${planted}`].flatMap((name): [string, string][] => [
      [name, `/runs?agent=${name}`],
      [name, `/runs?agent=${name}&agent=/local`],
      [name, `/runs?workflow=${name}`],
      [name, `/runs?q=-agent:"${name}"`],
      [name, `/runs?q=workflow:"${name}"`],
      [name, `/runs/chart?agent=${name}`],
      [name, `/runs/fields?agent=${name}`],
      [name, `/runs/export?format=ndjson&agent=${name}`],
      [name, `/orchestrator?q=${name}`],
      [name, `/palette?q=${name}`],
    ]),
    [`python-${planted}`, `/runs/python-${planted}/nodes`],
    [`python-${planted}`, `/runs/python-${planted}/states/2`],
    [`local-${planted}`, `/runs/local-${planted}/states/3`],
    [`odd_${planted}`, `/runs?status=odd_${planted}`],
    [`${planted}-admin`, `/runs?q=-by:${planted}-admin`],
    [planted, `/runs?q=${planted}`],
    [planted, `/palette?q=${planted}`],
    [otherView, `/runs/views/${otherView}/delete`],
    [otherBulk, `/runs/bulk/${otherBulk}`],
    [otherBulk, `/runs?shown=${otherBulk}`],
  ]
  const wrong: string[] = []
  for (const [known, path] of named) {
    const unknown = known.replace(planted, 'nonesuch').replace(/^[\da-f]{8}/, 'ffffffff')
    for (const headers of kinds) {
      const answerTo = async (address: string, word: string) => {
        const { statusCode, payload } = await ask(app, cookies.olga, encodeURI(address), { headers })
        // Tokens of forms, what was asked for, and the hash of a page that has it.
        const text = payload
          .replaceAll(word, '…')
          .replaceAll(encodeURIComponent(word), '…')
          .replace(/data-etag="[^"]*"/g, '')
        return `${statusCode} ${text.replace(/[\da-f]{8}-[\da-f]{4}-[\da-f-]{22}/g, '-').replaceAll('nonesuch', planted)}`
      }
      const [answered, expected] = [
        await answerTo(path, known),
        await answerTo(path.replaceAll(known, unknown), unknown),
      ]
      if (answered !== expected)
        wrong.push(`${headers.accept} ${path}: ${answered.slice(0, 300)} not ${expected.slice(0, 300)}`)
    }
  }
  expect(wrong).toEqual([])
})

test('all totals are those of a dashboard that has nothing else', async () => {
  const world = await someAgentsWorld()
  const { app, cookies } = world
  const asked: InjectOptions[] = [
    ...[
      '/',
      '/runs',
      '/runs?limit=500',
      '/runs?status=failed',
      '/runs?q=jazz',
      '/runs?q=cost%3E0',
      '/runs?workflow=flow_own',
    ],
    ...['/runs/chart', '/runs/chart?status=failed', '/orchestrator', '/orchestrator/own', '/agents', '/runs/fields'],
    ...['/runs/export?format=ndjson', `/runs/${(await world.idsOfRuns(true))[0]}`],
  ].map((url) => ({ url }))
  const answers = async (cookie: string) =>
    Promise.all(
      asked.map(async ({ url }) => {
        const answer = await ask(app, cookie, url as string)
        return [url, answer.statusCode, answer.headers['x-agents-down'], answer.payload.split('\n')]
      }),
    )
  const seen = await answers(cookies.vic)
  const down = async (cookie: string) => (await ask(app, cookie, '/orchestrator')).headers['x-agents-down']
  expect([await down(cookies.vic), await down(cookies.ann)]).toEqual(['0', '1'])
  await world.removeOthers()
  expect(seen).toEqual(await answers(cookies.ann))
})

test('nobody is told that nothing has changed by what somebody else was shown', async () => {
  const { app, cookies, other } = await someAgentsWorld()
  await addUser(app, 'otto', 'operator', ['own', other])
  const readers = [cookies.ann, cookies.olga, await cookieFor(app, 'otto')]
  const headers = { accept: 'text/html', 'hx-request': 'true', 'hx-request-type': 'partial' }
  for (const url of ['/', '/runs', '/orchestrator/health-check', '/orchestrator/own']) {
    const first = await Promise.all(readers.map((cookie) => ask(app, cookie, url, { headers })))
    const tags = first.map((answer) => String(answer.headers.etag))
    const shown = first.map(({ payload }) => payload.replace(/(<time[^>]*>)[^<]*/g, '$1'))
    for (const [index, cookie] of readers.entries()) {
      const again = tags.map((tag) => ask(app, cookie, url, { headers: { ...headers, 'if-none-match': tag } }))
      const statuses = (await Promise.all(again)).map(({ statusCode }) => statusCode)
      expect([url, ...statuses]).toEqual([url, ...shown.map((one) => (one === shown[index] ? 304 : 200))])
    }
  }
})

test('an open list hears of no run of others', async () => {
  const { app, cookies, other, execute } = await someAgentsWorld()
  const poll = async (cookie: string, path: string) =>
    (
      await ask(app, cookie, path, {
        headers: { accept: 'text/html', 'hx-request': 'true', 'hx-request-type': 'partial' },
      })
    ).payload
  const [, path] = /hx-get="([^"]+top=[^"]+)"/.exec(await poll(cookies.vic, '/runs'))!
  await execute(cookies.ann, other, planted)
  expect(await poll(cookies.vic, path!)).not.toContain('new run')
  await execute(cookies.ann, 'own', 'own')
  expect(await poll(cookies.vic, path!)).toContain('1 new run')
})

test('somebody changes nothing of an agent that they may not see', async () => {
  const world = await someAgentsWorld()
  const { app, cookies, other, send, otherBulk } = world
  const [otherRun] = await world.idsOfRuns(false)
  const before = await world.idsOfRuns(false)
  const statusOf = async (url: string, body: object) => (await send(cookies.olga, url, body)).statusCode
  expect(await statusOf(`/orchestrator/${other}/execute`, { inputs: { topic: 'x' } })).toBe(404)
  expect(await statusOf(`/orchestrator/${other}/check`, {})).toBe(404)
  expect(await statusOf(`/runs/${otherRun}/rerun`, {})).toBe(404)
  expect(await statusOf(`/runs/${otherRun}/cancel`, {})).toBe(404)
  expect(await statusOf(`/runs/bulk/${otherBulk}/close`, {})).toBe(404)
  expect(await statusOf('/orchestrator/test', { agent_url: world.otherAgent.url })).toBe(403)

  const checksOf = async (id: string) => (await ask(app, cookies.ann, `/orchestrator/${id}`)).json().checks.length
  const checks = [await checksOf('own'), await checksOf(other)]
  expect(await statusOf('/orchestrator/check', {})).toBe(200)
  expect([await checksOf('own'), await checksOf(other)]).toEqual([checks[0]! + 1, checks[1]])

  const report = {
    workflow_name: 'x',
    status: 'completed',
    started_at: '2026-11-22T16:00:00Z',
    completed_at: '2026-11-22T16:00:09Z',
  }
  expect(await statusOf('/runs', { ...report, run_id: 'new', agent_id: other })).toBe(403)
  expect(await statusOf('/runs', { ...report, run_id: 'new' })).toBe(403)
  expect(await statusOf('/runs', { ...report, run_id: `reported-${planted}`, agent_id: other })).toBe(403)
  const taken = await send(cookies.olga, '/runs', { ...report, run_id: `reported-${planted}`, agent_id: 'own' })
  expect([taken.statusCode, taken.json().detail]).toEqual([
    409,
    `The run_id "reported-${planted}" is taken. Use another one.`,
  ])
  expect(await statusOf('/runs', { ...report, run_id: 'new', agent_id: 'own' })).toBe(200)

  const excluded = await send(cookies.olga, '/runs/bulk', { action: 'rerun', filter: { q: `-agent:${other}` } })
  expect([excluded.statusCode, excluded.json().errors]).toMatchObject([422, [{ field: 'q' }]])

  // Asked for all, for others by name, and for others by their ids.
  const own = (await world.idsOfRuns(true)).length
  const all = await send(cookies.olga, '/runs/bulk', { action: 'rerun', all: true })
  expect(all.json().errors[0].message).toBe(`Send "confirm": true to rerun these: ${own} runs are selected.`)
  const selections = [
    { all: true },
    { filter: { agent: [other] } },
    { filter: { agent: ['/local'] } },
    { run_ids: before },
  ]
  const totals: unknown[] = []
  for (const runs of selections) {
    const begun = await send(cookies.olga, '/runs/bulk', { action: 'rerun', confirm: true, ...runs })
    expect(begun.statusCode, begun.payload).toBe(202)
    const job = async () => (await ask(app, cookies.olga, `/runs/bulk/${begun.json().bulk_id}`)).json()
    await expect.poll(async () => (await job()).status).toBe('done')
    totals.push([
      (await job()).total,
      (await job()).reasons.map(({ reason, runs }: { reason: string; runs: number }) => [reason, runs]),
    ])
  }
  const programs = expect.arrayContaining([[expect.stringContaining('ran this itself'), expect.any(Number)]])
  expect(totals).toEqual([
    [own, programs],
    [0, []],
    [0, []],
    [before.length, [['This run is gone.', before.length]]],
  ])
  expect(await world.idsOfRuns(false)).toEqual(before)
  expect((await ask(app, cookies.olga, '/runs/bulk')).json().jobs).toHaveLength(4)
  expect((await ask(app, cookies.vic, '/runs/bulk')).json().jobs).toHaveLength(4)
  expect((await ask(app, cookies.ann, '/runs/bulk')).json().jobs).toHaveLength(5)
}, 30_000)
