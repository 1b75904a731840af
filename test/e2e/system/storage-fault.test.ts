import { pino } from 'pino'
import { expect, test } from 'vitest'
import { useBrowser } from '../../support/browser/browser.ts'
import { createTestClock } from '../../support/clock.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { fillDisk, watchedStore } from '../../support/store/faults.ts'

const openPage = useBrowser()

test('an open page says that nothing can be saved, for as long as that is so', async () => {
  const { overrides, store } = watchedStore()
  const clock = createTestClock()
  const { url } = await openDashboard({ ...overrides, clock, logger: pino({ level: 'silent' }) })
  const page = await openPage()
  await page.clock.install()
  await page.goto(`${url}/orchestrator`)
  const banner = page.getByRole('complementary', { name: 'Storage' })
  const isSaid = () => banner.isVisible()
  const polled = async (status: number) => {
    const answered = page.waitForResponse((response) => response.status() === status)
    await page.clock.fastForward(10_000)
    await answered
  }
  const announce = (agent_id: string) =>
    fetch(`${url}/agents/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ agent_id, agent_name: 'A', host: 'localhost', port: 1, metadata: 'x'.repeat(3900) }),
    })
  await announce('a')
  await polled(200)
  await page.getByRole('link', { name: 'A', exact: true }).waitFor()
  await polled(304)
  expect(await isSaid()).toBe(false)

  const makeRoom = fillDisk(store())
  expect((await announce('b')).status).toBe(507)
  await polled(304)
  await expect.poll(isSaid).toBe(true)
  expect(await banner.textContent()).toMatch(/Nothing can be saved right now\.\s+The disk is full: /)

  makeRoom()
  await clock.advance(2000)
  await polled(304)
  await expect.poll(isSaid).toBe(false)
})
