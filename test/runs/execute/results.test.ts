import { expect, test } from 'vitest'
import { json, startAgent, text } from '../../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, page, register } from '../../support/app.ts'
import { storedRuns } from '../../support/runs/stored.ts'

test('a run completes with outputs, tokens and cost as the agent wrote them', async () => {
  const answer =
    '{"status": "success", "outputs": {"n": 12345678901234567890, "x": NaN}, "usage": {"total_tokens": 1234}, "cost_usd": 0.0125}'
  const agent = await startAgent({ run: text(answer, 200, 'application/json') })
  const app = await buildTestApp()
  await register(app, agent.url)
  const runId = await execute(app, 'writer')
  expect(await ended(app, runId)).toMatchObject({
    status: 'completed',
    error_message: null,
    total_tokens: 1234,
    total_cost_usd: 0.0125,
  })
  expect(await storedRuns(app)).toMatchObject([{ outputs: '{"n": 12345678901234567890, "x": NaN}' }])
})

test('what is not known of a run stays unknown', async () => {
  const agent = await startAgent({ run: json({ status: 'success', total_tokens: -1, cost_usd: 'free' }) })
  const app = await buildTestApp()
  await register(app, agent.url)
  expect(await ended(app, await execute(app, 'writer'))).toMatchObject({
    status: 'completed',
    outputs: null,
    total_tokens: null,
    total_cost_usd: null,
  })
})

test('hostile text of an agent is printed as text, wherever it stands', async () => {
  const hostile = '</code><img src=x onerror=alert(1)>'
  const agent = await startAgent({
    run: json({ status: 'success', outputs: { [hostile]: [hostile, { a: hostile }] } }),
  })
  const app = await buildTestApp()
  await register(app, agent.url)
  const runId = await execute(app, 'writer', { topic: hostile })
  await ended(app, runId)
  const shown = await page(app, `/runs/${runId}?tab=json`)
  expect(shown.html.querySelectorAll('img[src="x"]')).toEqual([])
  expect(shown.html.querySelector('#outputs-text')!.text).toContain(JSON.stringify(hostile))
  agent.handlers.run = json({ detail: hostile }, 500)
  const failed = await execute(app, 'writer')
  await ended(app, failed)
  for (const path of [`/runs/${failed}`, '/', '/runs']) {
    expect((await page(app, path)).html.querySelectorAll('img[src="x"]')).toEqual([])
  }
  expect((await api(app, 'GET', `/runs/${failed}`)).json.error_message).toContain(hostile)
})
