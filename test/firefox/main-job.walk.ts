import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { openDashboard } from '../support/dashboard.ts'
import { count, press, pressWords, type, until, useFirefox, withWords } from './firefox.ts'

const openPage = useFirefox()

test('register an agent, execute it, find the run by its agent, remove the agent', async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await type(page, '#agent-url', agent.url)
  await type(page, '#agent-id', 'writer')
  await type(page, '#agent-name', 'Writer')
  await pressWords(page, 'Register')
  await withWords(page, 'Healthy', '#agents')

  await pressWords(page, 'Execute')
  await withWords(page, 'Execute Writer', '#dialog')
  await pressWords(page, 'Execute', '#dialog .dialog-foot')
  await withWords(page, 'This input is required.', '#dialog')
  await page.keyboard.type('Firefox')
  await pressWords(page, 'Execute', '#dialog .dialog-foot')
  await withWords(page, 'Completed', '#run')
  expect(agent.requests.filter(({ url }) => url === '/run').map(({ body }) => body)).toEqual(['{"topic":"Firefox"}'])

  await pressWords(page, 'Runs', '.sections')
  await press(page, (await page.waitForSelector('#menu-agents > summary'))!)
  await pressWords(page, 'Writer', '#menu-agents .panel')
  await until(page, "location.search === '?agent=writer'")
  expect(await count(page, '.runs tr.run')).toBe(1)

  await pressWords(page, 'Orchestrator', '.sections')
  await pressWords(page, 'Remove')
  await pressWords(page, 'Remove', '#dialog .dialog-foot')
  await withWords(page, 'Connect your first agent', 'main')
  await page.goto(`${dashboard.url}/runs`)
  expect(await count(page, '.runs tr.run')).toBe(1)
})
