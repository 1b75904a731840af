import { expect, onTestFinished, test } from 'vitest'
import { startRoundRobin } from '../../demo/round-robin.ts'
import { json, startAgent } from '../support/agents/agent.ts'
import { useBrowser } from '../support/browser/browser.ts'
import { registerByHand } from '../support/browser/registration.ts'
import { openTwo } from '../support/cluster/two-dashboards.ts'

const openPage = useBrowser()

test('behind a proxy that changes dashboard with each request, two feel like one', { timeout: 60_000 }, async () => {
  const agent = await startAgent({ run: json({ status: 'success', outputs: { result: 'An article' } }) })
  const apps = await openTwo({ healthIntervalSeconds: 1 })
  const ports = await Promise.all(apps.map(async (app) => Number(new URL(await app.listen({ port: 0 })).port)))
  const proxy = await startRoundRobin(0, ports)
  onTestFinished(() => proxy.close())
  const url = `http://localhost:${proxy.port}`
  const page = await openPage()
  const problems: string[] = []
  page.on('response', (answer) => answer.status() >= 400 && problems.push(`${answer.status()} ${answer.url()}`))

  await page.goto(`${url}/orchestrator`)
  await registerByHand(page, { url: agent.url, id: 'writer', name: 'Writer' })
  await page.getByText('Registered Writer.').waitFor()
  await page.locator('tbody tr').filter({ hasText: 'Writer' }).getByText('Healthy').waitFor()

  await page.goto(`${url}/orchestrator/writer`)
  agent.handlers.health = json({ status: 'healthy', version: 'release 7' })
  await page.getByRole('button', { name: 'Check now' }).first().click()
  await page.getByText('Writer: Healthy').first().waitFor()
  await page.goto(`${url}/orchestrator/writer`)
  expect(await page.locator('#agent').textContent()).toContain('release 7')

  await page.goto(`${url}/orchestrator/writer/execute`)
  await page
    .getByLabel(/^topic/)
    .first()
    .fill('Jazz')
  await page.getByRole('button', { name: 'Execute', exact: true }).last().click()
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/)
  await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor()
  await page.goto(`${url}/runs`)
  await page.locator('tbody').getByText('Completed').first().waitFor()

  // Nothing that is shown goes back to what another dashboard showed before.
  await page.goto(`${url}/system`)
  for (const port of [8001, 8002])
    await page
      .getByText(new RegExp(`:${port}\\b|:${ports[port - 8001]}\\b`))
      .first()
      .waitFor()
  expect(problems).toEqual([])
})
