import { expect, test } from 'vitest'
import { json, startAgent } from '../../support/agents/agent.ts'
import { buildTestApp, execute, register } from '../../support/app.ts'

test('a script that prefers to wait gets the run when it has ended', async () => {
  let answer = () => {}
  const agent = await startAgent({
    run: (request, response, body) => {
      answer = () => void json({ status: 'success', outputs: { result: 'late' } })(request, response, body)
    },
  })
  const app = await buildTestApp()
  await register(app, agent.url)
  const runId = await execute(app, 'writer')
  const waiting = app.inject({ url: `/runs/${runId}`, headers: { accept: 'application/json', prefer: 'wait=20' } })
  await expect.poll(() => agent.requests.filter(({ url }) => url === '/run')).toHaveLength(1)
  answer()
  const { headers, payload } = await waiting
  expect(headers['preference-applied']).toBe('wait=20')
  expect(JSON.parse(payload)).toMatchObject({ status: 'completed', outputs: { result: 'late' } })
})
