import { expect, test } from 'vitest'
import { api, buildTestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'

test('the dashboard says that it is well, and what time it has', async () => {
  const app = await buildTestApp({}, { clock: createTestClock() })
  expect(await api(app, 'GET', '/health')).toMatchObject({
    status: 200,
    type: 'application/json',
    json: { status: 'healthy', timestamp: '2026-11-22T16:14:30.057Z' },
  })
})

test('it says so in JSON to whoever asks', async () => {
  const app = await buildTestApp()
  for (const accept of ['text/html', '*/*', 'text/plain']) {
    const response = await app.inject({ url: '/health', headers: { accept } })
    expect(response.json()).toMatchObject({ status: 'healthy' })
  }
})
