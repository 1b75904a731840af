import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, expectProblem, page, partial, register, submit } from '../support/app.ts'
import { filledIn } from '../support/forms/form.ts'
import { storeOf } from '../support/store/database.ts'

const longest = 'x'.repeat(255)
const ids = [
  ['with spaces', 'my first agent'],
  ['in another script', 'Schreiberin-für-Köln-作家-🖋️'],
  ['with %', '100%'],
  ['with what looks encoded', 'a%2Fb%20c'],
  ['with ?', 'who?x=1'],
  ['with #', 'number#1'],
  ['with & and +', 'a&b+c=d;e'],
  ['with quotes and brackets', `"><img src=x onerror='alert(1)'>`],
  ['with a backslash', 'a\\b'],
  ['with dots', '...'],
  ['with a colon', 'agent:1'],
  ['named like what JavaScript puts on objects', '__proto__'],
  ['of 255 characters', longest],
  ['of 255 characters outside the basic plane', '🖋'.repeat(255)],
] as const

test.each(ids)('an id %s works in every URL that is shown', async (_, id) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url, id)

  const { html } = await page(app, '/orchestrator')
  const link = (name: string) =>
    html.querySelector(`#agents a[aria-label="${name} Article Writer"]`)!.getAttribute('href')!
  expect(html.querySelector('#agents .c-id')!.text).toBe(id)

  const dialog = await partial(app, link('Execute'))
  expect(dialog.status).toBe(200)
  const form = dialog.html.querySelector('form')!
  expect(form.getAttribute('action')).toBe(form.getAttribute('hx-post'))
  const sent = await submit(app, form.getAttribute('action')!, filledIn({ topic: 'SQLite' }))
  expect(sent.status).toBe(303)
  const runPath = String(sent.headers.location)
  expect(await ended(app, runPath.slice('/runs/'.length))).toMatchObject({ agent_id: id, status: 'completed' })

  const run = await page(app, runPath)
  const agentPage = run.html.querySelector('.facts a')!.getAttribute('href')!
  expect((await page(app, agentPage)).html.querySelector('h1')!.text).toContain('Article Writer')
  const menu = await partial(app, link('Execute').replace(/execute$/, 'menu'))
  const runsOfAgent = menu.html.querySelector('a')!.getAttribute('href')!
  expect((await page(app, runsOfAgent)).html.querySelectorAll('#runs tr.run')).toHaveLength(1)

  const question = await partial(app, link('Remove'))
  expect(question.html.querySelector('code')!.text).toBe(id)
  const answer = await api(app, 'DELETE', question.html.querySelector('form')!.getAttribute('hx-delete')!)
  expect(answer.json).toEqual({ status: 'deregistered', agent_id: id })
  expect(await storeOf(app).agents.all()).toEqual([])
  expect((await page(app, runsOfAgent)).html.querySelectorAll('#runs tr.run')).toHaveLength(1)
})

test.each(ids)('a script reaches an agent whose id is one %s', async (_, id) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url, id)
  const path = `/orchestrator/${encodeURIComponent(id)}`
  expect(await api(app, 'GET', `${path}/schema`)).toMatchObject({ status: 200, json: { workflow: 'article_writer' } })
  const { json } = await api(app, 'POST', `${path}/execute`, { inputs: { topic: 'SQLite' } })
  expect(json.redirect_url).toBe(`/runs/${json.run_id}`)
  expect(await ended(app, json.run_id)).toMatchObject({ agent_id: id, status: 'completed' })
  expect(await api(app, 'DELETE', path)).toMatchObject({ status: 200 })
})

test.each([
  ['a slash', 'a/b'],
  ['nothing but a dot', '.'],
  ['nothing but two dots', '..'],
  ['a line break', 'a\nb'],
  ['a NUL', 'a\u0000b'],
  ['a C1 control character', 'a\u0085b'],
  ['half a character', 'a\ud800'],
  ['256 characters', `${longest}x`],
])('refuses an id with %s', async (_, id) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const body = { agent_id: id, agent_name: 'Writer', agent_url: agent.url }
  const answer = await api(app, 'POST', '/orchestrator/register', body)
  expectProblem(answer, 422, ['agent_id'])
  expect(answer.json.detail).toMatch(/Agent ID/)
  expect(agent.requests).toEqual([])
  expect(await storeOf(app).agents.all()).toEqual([])
})

test('tells ids apart that differ in case, accents or spaces inside', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const alike = ['writer', 'Writer', 'wríter', 'wri ter', 'wri  ter', 'wri%20ter']
  for (const id of alike) await register(app, agent.url, id)
  const { json } = await api(app, 'GET', '/orchestrator')
  expect(json.agents.map(({ agent_id }: { agent_id: string }) => agent_id).sort()).toEqual([...alike].sort())
  const { html } = await page(app, '/orchestrator')
  const elementIds = html.querySelectorAll('#agents tr[data-state]').map((row) => row.id)
  expect(new Set(elementIds).size).toBe(alike.length)
  for (const elementId of elementIds) expect(elementId).not.toMatch(/\s/)
})

test.each(['register', 'health-check', 'test', 'check'])('the id %s is that of a page, and refused', async (id) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const sent = { agent_id: id, agent_name: 'Article Writer', agent_url: agent.url }
  const answer = await api(app, 'POST', '/orchestrator/register', sent)
  expectProblem(answer, 422, ['agent_id'])
  expect(answer.json.detail).toBe(`"${id}" is a page of the dashboard; choose another id.`)
  const form = await submit(app, '/orchestrator/register', sent)
  expect(form.html.querySelector('#agent-id-error')!.text).toBe(answer.json.detail)
  expect(agent.requests).toEqual([])
})
