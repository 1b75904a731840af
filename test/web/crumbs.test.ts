import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { buildTestApp, page, register } from '../support/app.ts'

test('the pages of an agent lead back to it', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  for (const name of ['execute', 'edit', 'remove']) {
    const { html } = await page(app, `/orchestrator/writer/${name}`)
    const ways = html.querySelectorAll('.crumb a').map((link) => link.getAttribute('href'))
    expect(ways, name).toEqual(['/orchestrator', '/orchestrator/writer'])
  }
})

test.each([
  ['/runs/none', '/runs'],
  ['/orchestrator/none/edit', '/orchestrator'],
  ['/none', '/'],
])('what is not found at %s leads on to %s first', async (url, best) => {
  const { html } = await page(await buildTestApp(), url)
  expect(html.querySelectorAll('.failure .primary').map((way) => way.getAttribute('href'))).toEqual([best])
})
