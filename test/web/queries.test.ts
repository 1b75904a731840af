import { describe, expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, expectProblem, page, partial, register } from '../support/app.ts'

const url = '/orchestrator/writer'

async function withAgents() {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  await register(app, agent.url, 'editor', 'Editor')
  const post = (path: string) => api(app, 'POST', path)
  await post('/orchestrator/editor/pause')
  const runId = await execute(app, 'writer')
  await ended(app, runId)
  return { app, runId }
}

describe('what is wrong in a query is named to programs, and ignored by pages', () => {
  test.each([
    [`${url}?range=9d`, 'range', 'range must be 24h, 7d, 30d or 1y.'],
    [`${url}?range=7d&range=30d`, 'range', 'range must be 24h, 7d, 30d or 1y.'],
    [`${url}?rnage=7d`, 'rnage', 'There is no field “rnage”. There are range and incidents.'],
    [`${url}?incidents=all`, 'incidents', 'incidents must be a number.'],
    ['/orchestrator?state=dwon', 'state', 'state must be down, degraded, busy, healthy, paused or checking.'],
    ['/orchestrator?status=down', 'status', 'There is no field “status”. There are state and q.'],
    ['/orchestrator/health-check?stat=down', 'stat', 'There is no field “stat”. There are state and q.'],
    ['/agents?state=down', 'state', 'There is no field “state”. There is only include_dead.'],
  ])('%s', async (path, field, detail) => {
    const { app } = await withAgents()
    const answer = await api(app, 'GET', path)
    expectProblem(answer, 422, [field])
    expect(answer.json.detail).toBe(detail)
    expect(await page(app, path)).toMatchObject({ status: 200 })
  })

  test('of a run', async () => {
    const { app, runId } = await withAgents()
    for (const from of ['-1', '1.5', 'all', ''])
      expectProblem(await api(app, 'GET', `/runs/${runId}/nodes?from=${from}`), 422, ['from'])
    expect(await page(app, `/runs/${runId}/nodes?from=-1`)).toMatchObject({ status: 200 })
    expectProblem(await api(app, 'GET', `/runs/${runId}/inputs?att=/topic`), 422, ['att'])
  })
})

test.each(['/orchestrator', '/orchestrator/health-check'])('%s lists the agents of a state or a text', async (path) => {
  const { app } = await withAgents()
  const idsOf = async (query: string) =>
    (await api(app, 'GET', `${path}?${query}`)).json.agents.map((one: { agent_id: string }) => one.agent_id)
  expect(await idsOf('')).toEqual(['writer', 'editor'])
  expect(await idsOf('state=paused')).toEqual(['editor'])
  expect(await idsOf('q=ARTICLE')).toEqual(['writer'])
  expect(await idsOf('state=paused&q=article')).toEqual([])
})

test('the address of the registry shows people the agents that it names', async () => {
  const { app } = await withAgents()
  const { html } = await page(app, '/agents?state=paused&include_dead=true')
  expect(html.querySelectorAll('#agents [id^=agent-]').map(({ id }) => id)).toContain('agent-editor')
  expect(html.querySelector('#agent-writer')).toBeNull()
  expect((await partial(app, '/agents?q=article')).html.querySelector('#agent-editor')).toBeNull()
})
