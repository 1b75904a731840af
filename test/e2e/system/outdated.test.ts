import { pino } from 'pino'
import { expect, test } from 'vitest'
import { useBrowser } from '../../support/browser/browser.ts'
import { createHastyClock } from '../../support/clock.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { testDatabase } from '../../support/postgres/database.ts'

const openPage = useBrowser()

test('an open page says that a newer dashboard has changed the database, also where nothing else is new', async () => {
  const { url: db, client } = await testDatabase({ isNew: true })
  const logger = pino({ level: 'silent' })
  const { url } = await openDashboard({ db, clock: createHastyClock(), logger })
  const page = await openPage()
  await page.clock.install()
  await page.goto(`${url}/runs`)
  const banner = page.getByRole('complementary', { name: 'Outdated dashboard' })
  const polled = async () => {
    const answered = page.waitForResponse((response) => response.status() === 304)
    await page.clock.fastForward(10_000)
    return (await answered).headers()['x-outdated'] ?? ''
  }
  expect(await polled()).toBe('')
  expect(await banner.isVisible()).toBe(false)
  await client.query(`INSERT INTO dashboard_migrations (made_at, hash) VALUES (4000000000000, 'of the future')`)
  await expect.poll(polled, { timeout: 20_000 }).not.toBe('')
  await expect.poll(() => banner.isVisible()).toBe(true)
  const said = () => banner.textContent().then((text) => text!.replace(/\s+/g, ' ').trim())
  const whole = 'A newer dashboard has changed the database. Update this one: until then, some things may fail here.'
  expect(await said()).toBe(whole)
  await page.reload()
  expect(await said()).toBe(whole)
}, 30_000)
