import { expect, test } from 'vitest'
import { startDashboard } from '../support/process.ts'

test('the log is lines of JSON on standard error, a line for each request at debug', async () => {
  const dashboard = await startDashboard({ env: { CONFIGURABLE_AGENTS_LOG_LEVEL: 'debug' } })
  const response = await fetch(`${dashboard.url}/runs?q=hunter2`, { headers: { accept: 'application/json' } })
  await response.json()
  await dashboard.stop()
  const lines = dashboard
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === 'Request')
  expect(lines).toMatchObject([{ level: 20, method: 'GET', url: '/runs?q', status: 200, msg: 'Request' }])
})
