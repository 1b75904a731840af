import { expect, test } from 'vitest'
import { startAgent } from '../support/agent.ts'
import { api, buildTestApp, page, partial, register } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs.ts'

async function withTexts() {
  const app = await buildTestApp()
  insertRuns(app, [
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
  expect(html.querySelectorAll('tbody tr').map((row) => row.id)).toEqual(ids.map((id) => `run-${id}`))
})

test('a mistake shows where the search goes wrong', async () => {
  const app = await withTexts()
  const { html } = await page(app, `/runs?${new URLSearchParams({ q: 'jazz "safe' })}`)
  const mistake = html.querySelector('#search-mistake')!
  expect(mistake.querySelector('code')!.text).toBe('jazz "safe')
  expect(mistake.querySelector('mark')!.text).toBe('"safe')
  expect(mistake.text).toContain('The search is not applied.')
  expect(html.querySelectorAll('tbody tr')).toHaveLength(4)
})

test('a search that takes long goes on by itself from where it stopped, and page by page without JavaScript', async () => {
  const app = await buildTestApp()
  const text = 'x'.repeat(40_000)
  const run = (n: number) => ({ inputs: JSON.stringify({ n, text }) })
  insertRuns(
    app,
    Array.from({ length: 200 }, (_, index) => run(index % 60)),
  )
  const wanted = ['run-180', 'run-120', 'run-60', 'run-0']

  const seen: string[] = []
  let url: string | undefined = '/runs?q=in.n%3D0'
  let steps = 0
  const first = await page(app, url)
  expect(first.html.querySelectorAll('.pages a')).toEqual([])
  let answer = first.html
  for (; url !== undefined; steps++) {
    seen.push(...answer.querySelectorAll('tr[id^="run-"]').map((row) => row.id.slice('run-'.length)))
    url = answer.querySelector('[hx-get^="/runs/further"]')?.getAttribute('hx-get')
    if (url !== undefined) answer = (await partial(app, url)).html
  }
  expect(seen).toEqual(wanted)
  expect(steps).toBeGreaterThan(1)
  expect(answer.text).toContain('That is all')

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
  insertRuns(app, [
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
    insertRuns(app, [
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
      expect(app.orchestrator.historyState().unsearched).toBe(0)
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
