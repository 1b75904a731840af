import { pino } from 'pino'
import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { cli } from '../support/cli.ts'
import { createTestClock } from '../support/clock.ts'
import { openDashboard } from '../support/dashboard.ts'
import { fillDisk, watchedStore } from '../support/store/faults.ts'

const silentLog = pino({ level: 'silent' })

test('status says how the dashboard, its agents and its runs are, and fails while nothing can be saved', async () => {
  const { overrides, store } = watchedStore()
  const { url } = await openDashboard({ ...overrides, logger: silentLog, clock: createTestClock() })
  expect((await cli(['status', '--url', url])).out).toBe(
    `Dashboard  ${url}\nAgents     none\nRunning    0 runs\nLast 24 h  0 runs, 0 failed\nDuration   p50 –, p95 –\nCost       – this week\n`,
  )
  const agent = await startAgent()
  const register = (id: string, description: string) =>
    cli(['agents', 'register', agent.url, '--id', id, '--name', id, '--description', description, '--url', url])
  await register('writer', 'Writes')
  await cli(['run', 'writer', '--topic', 'a', '--wait', '--url', url])
  const { code, out } = await cli(['status', '--url', url])
  expect(code).toBe(0)
  expect(out).toMatch(/^Agents +1: 1 healthy\nRunning +0 runs\nLast 24 h +1 run, 0 failed\nDuration +p50 .+\n/m)

  fillDisk(store())
  const refused = { code: 1, out: '', err: expect.stringMatching(/^Nothing was saved\. The disk is full: /) }
  expect(await register('other', 'x'.repeat(3900))).toEqual(refused)
  const fault = await cli(['status', '--url', url])
  expect(fault).toMatchObject({ code: 1, out: expect.stringMatching(/^Database +The disk is full: /m), err: '' })
  const asJson = await cli(['status', '--json', '--url', url])
  expect(asJson).toMatchObject({ code: 1, err: expect.stringMatching(/^The disk is full: /) })
  expect(JSON.parse(asJson.out)).toMatchObject({ agents: { registered: 1 } })
})
