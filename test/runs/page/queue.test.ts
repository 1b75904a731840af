import { expect, test } from 'vitest'
import { shortRunId } from '../../../src/web/format/run.ts'
import { json, startAgent } from '../../support/agents/agent.ts'
import { api, execute, page, register } from '../../support/app.ts'
import { accepted, endedInTime, withAgent, withJob } from '../../support/runs/executed.ts'

test('a queued run says which runs hold the slots of its agent, with links', async () => {
  const { app, runId } = await withJob({}, { runsPerAgent: 1 })
  const queued = await execute(app, 'writer', { topic: 'second' })
  const { html } = await page(app, `/runs/${queued}`)
  const notice = html.querySelector('.progress')!
  expect(notice.text.replace(/\s+/g, ' ').trim()).toBe(
    `Queued: the only slot of this agent is in use. It is sent as soon as one is free. In use by ${shortRunId(runId)}.`,
  )
  expect(notice.querySelector('a')!.getAttribute('title')).toBe(runId)
  expect(notice.querySelectorAll('a').map((link) => link.getAttribute('href'))).toEqual([`/runs/${runId}`])
  expect((await api(app, 'GET', `/runs/${queued}`)).json.queued).toEqual({
    limit: 'agent',
    slots: 1,
    held_by: [{ run_id: runId, agent_id: 'writer', url: `/runs/${runId}` }],
  })
  expect((await api(app, 'GET', `/runs/${runId}`)).json.queued).toBeUndefined()
})

test('or that all slots are in use, by the runs of many agents', async () => {
  const { app } = await withAgent({ run: accepted() }, { runsPerAgent: 12, runsInAll: 12 })
  for (let run = 0; run < 12; run++) await execute(app, 'writer', { topic: String(run) })
  const other = await startAgent()
  await register(app, other.url, 'idle-agent')
  const queued = await execute(app, 'idle-agent')
  const { html } = await page(app, `/runs/${queued}`)
  const notice = html.querySelector('.progress')!
  expect(notice.text).toContain('Queued: all 12 slots are in use.')
  expect(notice.text.replace(/\s+/g, ' ').trim()).toMatch(/ on writer and 2 more\.$/)
  expect(notice.querySelectorAll('a')).toHaveLength(10)
  const { json } = await api(app, 'GET', `/runs/${queued}`)
  expect(json.queued).toMatchObject({ limit: 'all', slots: 12 })
  expect(json.queued.held_by).toHaveLength(12)
})

test('Prefer: wait answers at once when the queued run is cancelled', async () => {
  const { app, agent } = await withJob({}, { runsPerAgent: 1 })
  const waiting = app.inject({
    method: 'POST',
    url: '/orchestrator/writer/execute',
    headers: { accept: 'application/json', 'content-type': 'application/json', prefer: 'wait=60' },
    payload: '{"inputs":{"topic":"second"}}',
  })
  const answer = waiting.then((response) => response.json())
  const pending = async () => (await api(app, 'GET', '/runs?status=pending')).json.runs[0]?.run_id
  await expect.poll(pending).toBeDefined()
  const queued = await pending()
  await api(app, 'POST', `/runs/${queued}/cancel`)
  // The clock stands still: the wait would never end by itself.
  expect(await answer).toMatchObject({ run_id: queued, status: 'cancelled' })
  expect(agent.requests.filter(({ url }) => url === '/run')).toHaveLength(1)
})

test('vanished agents keep no other from working, whether or not they were removed', async () => {
  const limits = { runsPerAgent: 2, runsInAll: 4 }
  const { app, clock, agent: first } = await withAgent({ run: accepted() }, limits)
  const second = await startAgent({ run: accepted() })
  await register(app, second.url, 'second')
  const jobs = []
  for (const id of ['writer', 'writer', 'second', 'second']) jobs.push(await execute(app, id))
  for (const id of jobs) {
    await expect.poll(async () => (await api(app, 'GET', `/runs/${id}`)).json.job_id).not.toBeNull()
  }
  const well = await startAgent()
  await register(app, well.url, 'well')
  const queued = await execute(app, 'well')
  expect((await api(app, 'GET', `/runs/${queued}`)).json).toMatchObject({ status: 'pending', queued: { limit: 'all' } })
  await first.close()
  await second.close()
  await api(app, 'DELETE', '/orchestrator/second')
  expect((await endedInTime(app, clock, queued)).status).toBe('completed')
  for (const id of jobs) expect((await api(app, 'GET', `/runs/${id}`)).json.status).toBe('running')
})

test('an agent that restarted on another port and registered again is asked for its jobs there, and sent what is queued', async () => {
  const { app, clock, agent, runId } = await withJob({}, { runsPerAgent: 1 })
  const queued = await execute(app, 'writer', { topic: 'second' })
  await agent.close()
  const back = await startAgent({ status: json({ status: 'completed', outputs: { back: true } }) })
  await register(app, back.url)
  expect((await endedInTime(app, clock, queued)).status).toBe('completed')
  expect((await api(app, 'GET', `/runs/${runId}`)).json).toMatchObject({
    status: 'completed',
    outputs: { back: true },
    agent_url: back.url,
  })
  expect(back.requests.filter(({ url }) => url === '/run')).toHaveLength(1)
  const { text } = await page(app, `/runs/${runId}`)
  expect(text).toContain('The agent moved')
  expect(text).toContain(`POST ${agent.url.replace('http://', '')}/run`)
})

test('what is queued for an agent that moved and was removed goes to where it was last', async () => {
  const { app, clock, agent, runId } = await withJob({}, { runsPerAgent: 1 })
  const queued = await execute(app, 'writer', { topic: 'second' })
  const back = await startAgent()
  await register(app, back.url)
  await api(app, 'DELETE', '/orchestrator/writer')
  await api(app, 'POST', `/runs/${runId}/cancel`)
  expect((await endedInTime(app, clock, queued)).status).toBe('completed')
  expect(back.requests.filter(({ url }) => url === '/run')).toHaveLength(1)
  expect(agent.requests.filter(({ url }) => url === '/run')).toHaveLength(1)
})
