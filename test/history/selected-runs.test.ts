import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, expectProblem, page, partial, register, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns, type StoredRun } from '../support/runs/runs.ts'

async function exported(app: TestApp, query: string) {
  const { statusCode, body } = await app.inject({ url: `/runs/export?format=csv&${query}` })
  expect(statusCode).toBe(200)
  return parse<Record<string, string>>(body, { columns: true, bom: true })
}

test('selected runs are exported, with the columns of the list, or all that match', async () => {
  const app = await buildTestApp()
  await insertRuns(app, [{ id: 'a', outputs: '{"score": 1}' }, { id: 'b', status: 'failed' }, { id: 'c' }])
  const filter = encodeURIComponent('/runs?columns=out.score&status=completed')
  const chosen = await exported(app, `filter=${filter}&run=a&run=b&run=gone`)
  expect(chosen.map((run) => [run.run_id, run['out.score']])).toEqual([
    ['b', ''],
    ['a', '1'],
  ])
  const all = await exported(app, `filter=${filter}&all=yes`)
  expect(all.map(({ run_id }) => run_id)).toEqual(['c', 'a'])
  for (const query of [`filter=${filter}`, `filter=${filter}&all=yes&run=a`])
    expectProblem(await api(app, 'GET', `/runs/export?format=csv&${query}`), 422, ['run'])
})

test('days of the reader are moments in what programs and later requests get', async () => {
  const app = await buildTestApp({}, { clock: createTestClock(Date.UTC(2026, 10, 20, 20)) })
  await insertRuns(app, [{}])
  const { html } = await page(app, '/runs?time=today')
  const addresses = html.querySelectorAll('#menu-export a').map((link) => link.getAttribute('href'))
  expect(addresses).toEqual(['/runs/export?from=2026-11-20&format=csv', '/runs/export?from=2026-11-20&format=ndjson'])
  expect(html.querySelector('#bulk [name=filter]')!.getAttribute('value')).toBe('/runs?from=2026-11-20')
})

test('a list by start has a heading for each time, and one by cost has none', async () => {
  const app = await buildTestApp({}, { clock: createTestClock(Date.UTC(2026, 10, 20, 12)) })
  const times = ['2026-11-20 09:00', '2026-11-20 08:00', '2026-11-19 23:00', '2026-11-16 01:00', '2026-11-15 23:00']
  const starts = [...times, '2025-03-01 00:00', '2027-01-01 00:00'].map((time) => ({ started_at: `${time}:00.000000` }))
  await insertRuns(app, [...starts, { started_at: 'unknown' }])
  const headings = async (query: string) =>
    (await page(app, `/runs${query}`)).html.querySelectorAll('tr.group').map(({ text }) => text.trim())
  const expected = ['Later', 'Today', 'Yesterday', 'This week', 'November', 'March 2025', 'Unknown start']
  expect(await headings('')).toEqual(expected)
  expect(await headings('?sort=-started')).toEqual(expected.toReversed())
  expect(await headings('?sort=cost')).toEqual([])
})

test('a run is peeked at: its inputs, and the beginning of its longest text, or its error', async () => {
  const app = await buildTestApp()
  const report = `Heat pumps ${'x'.repeat(2000)}`
  const outputs = JSON.stringify({ short: 'a', report, count: 3 })
  await insertRuns(app, [
    { id: 'good', inputs: '{"topic": "Heat pumps"}', outputs },
    { id: 'bad', status: 'failed', error_message: 'refused <b>' },
    { id: 'plain', outputs: 'None' },
  ])
  const { html } = await partial(app, '/runs/good/peek')
  expect(html.querySelector('.peek-body')!.text).toContain('topic: Heat pumps')
  expect(html.querySelector('h3')!.text).toBe('report')
  expect(html.querySelector('.peek-text')!.text).toBe(`${report.slice(0, 1500)}…`)
  expect(html.querySelector('.peek-foot a')!.getAttribute('href')).toBe('/runs/good')
  expect((await partial(app, '/runs/bad/peek')).html.querySelector('.peek-text')!.text).toBe('refused <b>')
  expect((await partial(app, '/runs/plain/peek')).status).toBe(200)
  expect((await page(app, '/runs/good/peek')).headers.location).toBe('/runs/good')
  expect((await partial(app, '/runs/none/peek')).status).toBe(404)
})

test('a peek shows Markdown as the page of the run does, as far as some lines', async () => {
  const app = await buildTestApp()
  const report =
    '# Heat *pumps*\n\n<script>alert(1)</script> [in](javascript:alert(1)) **old** [houses](https://a.org/x)\n'
  const list = `${'- one\n'.repeat(500)}`
  const whole = { whole: { report }, list: { list }, words: { text: `a *b\n${'long word '.repeat(300)}` } }
  await insertRuns(
    app,
    Object.entries({ ...whole, bare: report }).map(([id, outputs]) => ({ id, outputs: JSON.stringify(outputs) })),
  )
  const body = async (id: string) => (await partial(app, `/runs/${id}/peek`)).html.querySelector('.peek-body')!
  const prose = async (id: string) => (await body(id)).querySelector('.prose')!
  const shown = (await prose('whole')).innerHTML
  expect(shown).toContain('<h1>Heat <em>pumps</em></h1>')
  expect(shown).toContain('&lt;script&gt;alert(1)&lt;/script&gt; [in](javascript:alert(1)) <strong>old</strong>')
  expect((await prose('whole')).querySelector('a')!.getAttribute('rel')).toBe('noopener noreferrer nofollow')
  expect((await page(app, '/runs/whole')).html.querySelector('.prose')!.innerHTML).toBe(shown)
  expect((await prose('bare')).innerHTML).toBe(shown)
  expect((await body('whole')).text).not.toContain('Only the start')
  expect((await prose('list')).querySelectorAll('li')).toHaveLength(59)
  expect((await body('list')).text).toContain('Only the start of the result is shown.')
  expect((await body('words')).querySelector('.prose')).toBeNull()
  expect((await body('words')).querySelector('.peek-text')!.text).toMatch(/^a \*b\nlong word .*…$/)
})

test('a peek says of cost and tokens what is known', async () => {
  const app = await buildTestApp()
  await insertRuns(app, [
    { id: 'none', status: 'running', total_tokens: null, total_cost_usd: null },
    { id: 'free', total_tokens: 1200, total_cost_usd: null },
    { id: 'both', total_tokens: 1, total_cost_usd: 0.5 },
    { id: 'cost', total_tokens: null, total_cost_usd: 0.5 },
  ])
  const cost = async (id: string) => {
    const { html } = await partial(app, `/runs/${id}/peek`)
    return html.querySelectorAll('dd')[3]!.text.trim()
  }
  expect(await cost('none')).toBe('–')
  expect(await cost('free')).toBe('1,200 tokens')
  expect(await cost('both')).toBe('$0.5000 1 token')
  expect(await cost('cost')).toBe('$0.5000')
})

/** What a page of fifty such runs is, with twelve agents to choose from. */
async function pageOf(name: (index: number) => string, runOf: (index: number) => Partial<StoredRun>): Promise<string> {
  const clock = createTestClock(Date.UTC(2026, 10, 20, 12))
  const app = await buildTestApp({}, { clock })
  const agent = await startAgent()
  for (let index = 0; index < 12; index++) await register(app, agent.url, `research-agent-${index}`, name(index))
  const id = (index: number) => `0193c6f0-0000-7000-8000-${String(index).padStart(12, '0')}`
  const known = { duration_seconds: 41, total_tokens: 12_345, total_cost_usd: 0.0125 }
  const runs = Array.from({ length: 60 }, (_, index) => ({ ...known, id: id(index), ...runOf(index) }))
  await insertRuns(app, runs)
  // The inputs are read in the background.
  app.orchestrator.start()
  await clock.advance(1000)
  return (await app.inject({ url: '/runs', headers: { accept: 'text/html' } })).body
}

test('a page of 50 runs, with 12 agents to choose from, weighs at most 70 KB', async () => {
  const inputs = '{"topic": "Grid storage after 2030", "max_sources": 3}'
  const run = { workflow_name: 'research-agent', agent_id: 'research-agent', agent_workflow: 'research_topic', inputs }
  const body = await pageOf(
    (index) => `Research Agent research-agent-${index}`,
    () => run,
  )
  expect(body.match(/<tr class=run /g)).toHaveLength(50)
  expect(body.match(/topic: Grid storage/g)).toHaveLength(50)
  expect(Buffer.byteLength(body)).toBeGreaterThan(30_000)
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(70_000)
})

test.each([
  ['Latin', 'b', 'b'.repeat(20)],
  ['Chinese', '季', '季'.repeat(20)],
  ['emoji', '🏔', '🏔'.repeat(20)],
  ['quotes', "'", '&#39;'.repeat(12)],
])('it weighs little more where workflows, inputs and errors are long and %s', async (_, letter, shown) => {
  const long = letter.repeat(3000)
  const run = { workflow_name: 'research-agent', agent_id: 'research-agent', agent_workflow: letter.repeat(200) }
  const failed = { ...run, status: 'failed', error_message: `The agent answered 500: ${long}` }
  const body = await pageOf(
    (index) => `${letter.repeat(90)}${index}`,
    (index) => (index % 2 === 0 ? { ...run, inputs: JSON.stringify({ topic: long, max: 3 }) } : failed),
  )
  expect(body.match(/<tr class=run /g)).toHaveLength(50)
  expect(body.match(new RegExp(`topic: ${shown}`, 'g'))).toHaveLength(25)
  expect(body.match(new RegExp(`The agent answered 500: ${shown}`, 'g'))!.length).toBeGreaterThanOrEqual(25)
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(73_000)
})
