import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, page, partial, register, submit, type TestApp } from '../support/app.ts'
import { insertRuns } from '../support/runs/runs.ts'

async function results(app: TestApp, typed: string) {
  const { html } = await partial(app, `/palette?q=${encodeURIComponent(typed)}`)
  const words = (text: string) => text.replace(/\s+/g, ' ').trim()
  return html.querySelectorAll('[role=group]').map((group) => ({
    title: group.getAttribute('aria-label'),
    items: group.querySelectorAll('[role=option]').map((one) => words(one.text)),
  }))
}

const group = async (app: TestApp, typed: string, title: string) =>
  (await results(app, typed)).find((one) => one.title === title)?.items

async function withAgents() {
  const app = await buildTestApp()
  const agent = await startAgent()
  await register(app, agent.url, 'research-agent', 'Research Agent')
  await register(app, agent.url, 'invoice-reader', 'Invoice Reader')
  await register(app, agent.url, 'translator', 'Translator')
  return { app, agent }
}

test('typed letters find agents, the best first to be executed, with what fits marked', async () => {
  const { app } = await withAgents()
  expect(await group(app, 're', 'Actions')).toEqual([
    expect.stringMatching(/^Execute Research Agent… article_writer$/),
    expect.stringMatching(/^Register agent/),
    expect.stringMatching(/^Execute Invoice Reader… article_writer$/),
    expect.stringMatching(/^Settings/),
  ])
  expect(await group(app, 're', 'Agents')).toEqual([
    expect.stringMatching(/^Research Agent /),
    expect.stringMatching(/^Invoice Reader /),
  ])
  const { html } = await partial(app, '/palette?q=re')
  const [first] = html.querySelectorAll('[role=option]')
  expect(first!.attributes).toMatchObject({ 'hx-get': '/orchestrator/research-agent/execute' })
  expect(first!.querySelector('mark')!.text).toBe('Re')
  expect(html.querySelector('#palette-list')!.attributes).toMatchObject({ 'data-typed': 're' })
})

test.each(['exec', 'Execute', 'execute inv', 'run reader', 'exe invoice-r'])(
  '%j finds what it executes',
  async (typed) => {
    const { app } = await withAgents()
    await ended(app, await execute(app, 'invoice-reader'))
    const found = (await group(app, typed, 'Actions'))!
    expect(found[0]).toMatch(/^Execute Invoice Reader… article_writer/)
    expect(found.length).toBe(typed.includes(' ') ? 1 : 3)
    expect(await group(app, `>${typed}`, 'Actions')).toEqual(found)
    expect(await group(app, `#${typed}`, 'Actions')).toBeUndefined()
  },
)

test('a verb leads to no agent of another name, and an agent of its name is found by it', async () => {
  const { app, agent } = await withAgents()
  await register(app, agent.url, 'executor', 'Executor')
  expect((await group(app, 'exec', 'Actions'))!.length).toBe(3)
  expect(await group(app, 'executor', 'Actions')).toEqual([expect.stringMatching(/^Execute Executor…/)])
  expect(await group(app, 'execute nobody', 'Actions')).toBeUndefined()
  expect((await group(app, 'run', 'Actions'))!.filter((one) => one.startsWith('Execute'))).toEqual([])
})

test('with nothing typed it shows actions, agents in trouble first, and the latest runs', async () => {
  const { app, agent } = await withAgents()
  await ended(app, await execute(app, 'research-agent'))
  const gone = await startAgent()
  await register(app, gone.url, 'zoologist', 'Zoologist')
  await gone.close()
  for (let times = 0; times < 3; times++) await api(app, 'POST', '/orchestrator/zoologist/check')
  expect((await results(app, '')).map(({ title }) => title)).toEqual(['Actions', 'Agents', 'Runs and views'])
  expect((await group(app, '', 'Agents'))![0]).toMatch(/^Zoologist Down/)
  expect((await group(app, '', 'Actions'))![0]).toMatch(/^Execute Research Agent/)
  expect(await group(app, '', 'Runs and views')).toEqual([expect.stringMatching(/^article_writer, /)])
  expect(agent.requests.length).toBeGreaterThan(0)
})

test('searching runs is always last, and nothing that is typed is markup', async () => {
  const { app } = await withAgents()
  const hostile = '<b>"x"&'
  const { html } = await partial(app, `/palette?q=${encodeURIComponent(hostile)}`)
  const last = html.querySelectorAll('[role=option]').at(-1)!
  expect(last.text).toContain('Search runs for “<b>"x"&”')
  expect(new URLSearchParams(last.getAttribute('href')!.split('?')[1]).get('q')).toBe(hostile)
  expect(html.querySelector('b')).toBeNull()
  expect((await results(app, 'zzz')).map(({ items }) => items.length)).toEqual([1])
})

test('a run is found by a part of its id, by its workflow and by its error', async () => {
  const { app } = await withAgents()
  await insertRuns(app, [
    {
      id: '0193aaaa-0000-7000-8000-000000000001',
      workflow_name: 'summarise',
      started_at: '2026-11-22 10:00:00.000000',
    },
    {
      id: '0193bbbb-0000-7000-8000-000000000002',
      workflow_name: 'scrape_page',
      status: 'failed',
      error_message: 'the model gave an empty answer',
      started_at: '2026-11-22 11:00:00.000000',
    },
  ])
  const found = async (typed: string) => (await group(app, typed, 'Runs and views'))!.map((one) => one.split(',')[0])
  expect(await found('#0193a')).toEqual(['summarise'])
  expect(await found('#')).toEqual(['scrape_page', 'summarise'])
  expect(await found('#0193bbbb…0002')).toEqual(['scrape_page'])
  expect(await results(app, '#0193c')).toEqual([])
  expect(await found('0193b')).toEqual(['scrape_page', expect.stringMatching(/^Search runs/)])
  expect(await found('summ')).toEqual(['summarise', expect.stringMatching(/^Search runs/)])
  expect((await group(app, 'empty', 'Runs and views'))![0]).toMatch(/^scrape_page, .* The model gave an empty answer$/)
})

test('">" lists actions alone, and every link among them leads to a page', async () => {
  const { app } = await withAgents()
  expect((await results(app, '>')).map(({ title }) => title)).toEqual(['Actions'])
  const { html } = await partial(app, '/palette?q=%3E')
  const links = html.querySelectorAll('a[href]').map((one) => one.getAttribute('href')!)
  expect(links.length).toBeGreaterThan(5)
  for (const link of links) expect((await page(app, link)).status, link).toBe(200)
  expect(await group(app, '>light', 'Actions')).toEqual(['Light theme'])
})

test('the last run is run again once, however often that is sent', async () => {
  const { app, agent } = await withAgents()
  await ended(app, await execute(app, 'research-agent'))
  const calls = () => agent.requests.filter(({ method, url }) => `${method} ${url}` === 'POST /run').length
  expect(calls()).toBe(1)
  const { html } = await partial(app, '/palette?q=rerun')
  const button = html.querySelector('#palette-rerun')!
  expect(button.text).toContain('article_writer on research-agent')
  const send = () => submit(app, button.getAttribute('formaction')!, { token: button.getAttribute('value')! })
  const [first, second] = [await send(), await send()]
  expect(first.headers.location).toBe(second.headers.location)
  await ended(app, String(first.headers.location).split('/').at(-1)!)
  expect(calls()).toBe(2)
})

test('a saved view is found by its name', async () => {
  const { app } = await withAgents()
  await app.orchestrator.savedViews.save('Slow and failed', { status: 'failed' }, localActor)
  const { html } = await partial(app, '/palette?q=slow')
  const view = html.querySelectorAll('[role=option]').find((one) => one.text.includes('Slow and failed'))!
  expect(view.getAttribute('href')).toBe('/runs?status=failed')
})

test('without htmx it leads to the list of runs', async () => {
  const { app } = await withAgents()
  expect((await page(app, '/palette?q=grid')).headers.location).toBe('/runs?q=grid')
  expect((await api(app, 'GET', '/palette')).status).toBe(302)
})
