import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { api, buildTestApp, page, partial, register } from '../../support/app.ts'
import { createTestClock } from '../../support/clock.ts'
import { insertRuns } from '../../support/runs/runs.ts'

async function withTexts() {
  const app = await buildTestApp()
  await insertRuns(app, [
    {
      id: 'safety',
      inputs: '{"topic": "AI safety", "notes": "draft"}',
      outputs: '{"score": 7.5, "items": [{"name": "a"}]}',
    },
    { id: 'jazz', inputs: '{"topic": "Jazz"}', outputs: '{"score": 3}' },
    { id: 'broken', inputs: '{"topic": "jazz safety"}', status: 'failed', error_message: 'connection refused' },
    { id: 'python', inputs: "{'topic': 'Ärger'}", outputs: 'None' },
  ])
  return app
}

test.each([
  ['jazz', ['broken', 'jazz']],
  ['JAZZ safety', ['broken']],
  ['"ai safety"', ['safety']],
  ['"safety ai"', []],
  ['arger', ['python']],
  ['in.topic:safety', ['broken', 'safety']],
  ['in.topic:safety -jazz', ['safety']],
  ['out.score>5', ['safety']],
  ['out.items.name:a', ['safety']],
  ['error:refused', ['broken']],
  ['status:failed', ['broken']],
  ['-status:failed jazz', ['jazz']],
  ['workflow:report jazz', ['broken', 'jazz']],
])('the search %s finds %j', async (q, ids) => {
  const app = await withTexts()
  const url = `/runs?${new URLSearchParams({ q })}`
  const { json } = await api(app, 'GET', url)
  expect(json.runs.map(({ run_id }: { run_id: string }) => run_id)).toEqual(ids)
  const { html } = await page(app, url)
  expect(html.querySelector('#search')!.getAttribute('value')).toBe(q)
  expect(html.querySelectorAll('tr.run').map((row) => row.id)).toEqual(ids.map((id) => `run-${id}`))
})

test('an error shows where the search goes wrong', async () => {
  const app = await withTexts()
  const { html } = await page(app, `/runs?${new URLSearchParams({ q: 'jazz "safe' })}`)
  const error = html.querySelector('#search-error')!
  expect(error.querySelector('code')!.text).toBe('jazz "safe')
  expect(error.querySelector('mark')!.text).toBe('"safe')
  expect(error.text).toContain('The search is not applied.')
  expect(html.querySelectorAll('tr.run')).toHaveLength(4)
})

test('a search that takes long goes on by itself from where it stopped, and page by page without JavaScript', async () => {
  const app = await buildTestApp()
  const text = 'x'.repeat(40_000)
  const run = (n: number) => ({ inputs: JSON.stringify(n === 0 ? { n, text } : { n }) })
  // In a history of fewer runs, all are counted before the first answer.
  await insertRuns(
    app,
    Array.from({ length: 10_100 }, (_, index) => run(index % 300)),
  )
  const wanted = Array.from({ length: 34 }, (_, index) => `run-${(33 - index) * 300}`)

  const seen: string[] = []
  let url: string | undefined = '/runs?q=in.n%3D0'
  let steps = 0
  const first = await page(app, url)
  expect(first.html.querySelectorAll('.pager a')).toEqual([])
  let answer = first.html
  for (; url !== undefined; steps++) {
    seen.push(...answer.querySelectorAll('tr[id^="run-"]').map((row) => row.id.slice('run-'.length)))
    url = answer.querySelector('[hx-get^="/runs/further"]')?.getAttribute('hx-get')
    if (url !== undefined) answer = (await partial(app, url)).html
  }
  expect(seen).toEqual(wanted)
  expect(steps).toBeGreaterThan(1)
  expect(answer.text).toContain('End of the history')

  const plain: string[] = []
  let next: string | null = '/runs?q=in.n%3D0'
  while (next !== null) {
    const { json } = await api(app, 'GET', next)
    plain.push(...json.runs.map(({ run_id }: { run_id: string }) => run_id))
    expect(json.searched_to === null).toBe(json.older === null)
    next = json.older
  }
  expect(plain).toEqual(wanted)
  expect(first.html.querySelector('.further-state .no-js')!.getAttribute('href')).toMatch(
    /^\/runs\?q=in.n%3D0&older=\d+$/,
  )
})

test('the fields of the chosen agent can be named: the inputs of its schema, and what its runs gave', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  await api(app, 'GET', '/orchestrator/writer/schema')
  await insertRuns(app, [
    { workflow_name: 'writer', agent_id: 'writer', outputs: '{"score": 1, "by": {"name": "A"}}' },
    { outputs: '{"other": true}' },
  ])
  const fields = async (query: string) => (await api(app, 'GET', `/runs/fields${query}`)).json
  const named = (await fields('?agent=writer')).map(({ name }: { name: string }) => name)
  expect(named).toEqual(expect.arrayContaining(['in.topic', 'out.score', 'out.by.name']))
  expect(named).not.toContain('out.other')
  expect(await fields('')).toEqual(
    expect.arrayContaining([
      { name: 'out.other', kind: 'boolean', values: ['true', 'false'] },
      { name: 'out.score', kind: 'number', values: [] },
    ]),
  )
  const { html } = await page(app, '/runs?agent=writer')
  expect(html.querySelector('#search')!.getAttribute('data-suggests')).toBe('/runs/fields?agent=writer')
})

test.each(['waiting to be indexed', 'indexed'])(
  'finds what is %s in any script, to the end of any text',
  async (when) => {
    const clock = createTestClock()
    const app = await buildTestApp({}, { clock })
    const late = (text: string) => JSON.stringify({ text: `${'long '.repeat(60_000)}${text}` })
    await insertRuns(app, [
      { id: 'chinese', inputs: '{"q":"客户要求退款，因为商品有问题"}' },
      { id: 'korean', outputs: '{"a":"고객이 전액환불을 요청"}' },
      { id: 'thai', error_message: 'ลูกค้าขอคืนเงินทันที' },
      { id: 'german', inputs: '{"address":"Lange Straße 5 🤖"}' },
      { id: 'escaped', inputs: '{"q":"\\u9000\\u6b3e"}' },
      { id: 'refunds', outputs: '{"a":"two refunds"}' },
      { id: 'long', outputs: late('needle 退款') },
      { id: 'long-too', inputs: late('nothing') },
    ])
    if (when === 'indexed') {
      app.orchestrator.start()
      await clock.advance(5000)
      expect((await app.orchestrator.historyState()).unsearched).toBe(0)
    }
    const found = async (q: string) => {
      const { json } = await api(app, 'GET', `/runs?${new URLSearchParams({ q })}`)
      return json.runs.map(({ run_id }: { run_id: string }) => run_id).sort()
    }
    expect(await found('退款')).toEqual(['chinese', 'escaped', 'long'])
    expect(await found('款')).toEqual(['chinese', 'escaped', 'long'])
    expect(await found('要求退款')).toEqual(['chinese'])
    expect(await found('환불')).toEqual(['korean'])
    expect(await found('คืนเงิน')).toEqual(['thai'])
    expect(await found('strasse')).toEqual(['german'])
    expect(await found('🤖')).toEqual(['german'])
    expect(await found('needle')).toEqual(['long'])
    expect(await found('out.text:needle')).toEqual(['long'])
    expect(await found('refund*')).toEqual(['refunds'])
    expect(await found('refund')).toEqual([])
    expect(await found('-long')).toEqual(['chinese', 'escaped', 'german', 'korean', 'refunds', 'thai'])
  },
)

async function withMeasures() {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url, 'Writer')
  const [one, two] = ['019ac3f2-7e1c-7abc-8def-0123456789ab', 'b7a1c2d3-0000-4000-8000-00000000ffff']
  await insertRuns(app, [
    {
      id: one,
      workflow_name: 'Writer',
      agent_id: 'Writer',
      total_cost_usd: 0.25,
      total_tokens: 1200,
      duration_seconds: 90,
    },
    {
      id: two,
      status: 'failed',
      total_cost_usd: 0.01,
      total_tokens: 90,
      inputs: `{"n": 1234567890123456789, "run": "${one}"}`,
    },
    { id: 'lost', status: 'lost', duration_seconds: 400, inputs: '{"n": 5}' },
    { id: 'long-id-of-python', status: 'Odd', started_at: '2026-11-01 12:00:00.000000' },
    { id: 'long-id-of-python-2' },
  ])
  const found = async (q: string) => {
    const { json } = await api(app, 'GET', `/runs?${new URLSearchParams({ q })}`)
    expect(json.total).toBe(json.runs?.length)
    return json.runs.map(({ run_id }: { run_id: string }) => run_id)
  }
  return { app, one, two, found }
}

test('a run is found by its id, as it is pasted or as a list shows it', async () => {
  const { one, two, found } = await withMeasures()
  for (const id of [one, one.toUpperCase(), '019ac3f2', '019ac3f2-7e', '019ac3f2…89ab', `id:${one}`, 'id:019a'])
    expect(await found(id)).toEqual([one])
  expect(await found('b7a1c2d3')).toEqual([two])
  // Those in which it is written.
  expect(await found(`"${one}"`)).toEqual([two])
  expect(await found('019ac3f3')).toEqual([])
  expect(await found(`-${one} cost:*`)).toEqual([two])
  expect(await found(`019ac3f2 OR b7a1c2d3`)).toEqual([two, one])
  expect(await found('long-id-of-python')).toEqual(['long-id-of-python'])
  expect(await found('id:long-id')).toEqual(['long-id-of-python-2', 'long-id-of-python'])
})

test('a search compares what a list shows', async () => {
  const { one, two, found } = await withMeasures()
  expect(await found('cost>0.05')).toEqual([one])
  expect(await found('cost > 0.001 tokens<100')).toEqual([two])
  expect(await found('tokens>1000')).toEqual([one])
  expect(await found('duration>5m')).toEqual(['lost'])
  expect(await found('-duration:* status:failed')).toEqual([two])
  expect(await found('started<2026-11-02')).toEqual(['long-id-of-python'])
  expect(await found('started>2026-11-01')).toHaveLength(4)
  expect(await found('-started:2026-11-01')).toHaveLength(4)
  expect(await found('status:failed,lost')).toEqual(['lost', two])
  expect(await found('-status:failed,lost agent:writer')).toEqual([one])
  expect(await found('status:FAILED OR cost>0.2')).toEqual([two, one])
  expect(await found('status:odd')).toEqual(['long-id-of-python'])
  expect(await found('agent:wri* OR in.n:5')).toEqual(['lost', one])
  expect(await found('in.n:*')).toEqual(['lost', two])
  expect(await found('-in.n:*')).toHaveLength(3)
  expect(await found('in.n > 4')).toEqual(['lost', two])
  expect(await found('in.n:1234567890123456789')).toEqual([two])
  expect(await found('in.n:1234567890123456788')).toEqual([])
})

test('agents and statuses are filtered by in any case', async () => {
  const { app, one } = await withMeasures()
  const ids = async (query: string) =>
    (await api(app, 'GET', `/runs?${query}`)).json.runs.map(({ run_id }: { run_id: string }) => run_id)
  expect(await ids('agent=WRITER')).toEqual([one])
  expect(await ids('status=Lost&status=ODD')).toEqual(['lost', 'long-id-of-python'])
})

test('a list is sorted by tokens, page by page, with those that gave none at the end', async () => {
  const app = await buildTestApp()
  await insertRuns(
    app,
    Array.from({ length: 120 }, (_, index) => ({ total_tokens: index % 3 === 0 ? null : (index * 37) % 100 })),
  )
  for (const sort of ['tokens', '-tokens']) {
    const tokens: (number | null)[] = []
    for (let path: string | null = `/runs?sort=${sort}`; path !== null; ) {
      const { json }: { json: { runs: { total_tokens: number | null }[]; older: string | null } } = await api(
        app,
        'GET',
        path,
      )
      tokens.push(...json.runs.map(({ total_tokens }) => total_tokens))
      path = json.older
    }
    expect(tokens).toHaveLength(120)
    const known = tokens.filter((one) => one !== null)
    expect(tokens.slice(0, 80)).toEqual(known)
    expect(known).toEqual([...known].sort((a, b) => (sort === 'tokens' ? b - a : a - b)))
  }
  const { html } = await page(app, '/runs?sort=tokens')
  expect(html.querySelector('#sort-tokens')!.getAttribute('href')).toBe('/runs?sort=-tokens')
})
