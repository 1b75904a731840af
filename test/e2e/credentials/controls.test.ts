import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { startGuardedAgent } from '../../support/agents/guarded.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { press, pressWords } from '../../support/browser/press.ts'
import { registerByHand, typeRegistration } from '../../support/browser/registration.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { selfSigned, signed } from '../../support/network/certificates.ts'
import { startTlsServer } from '../../support/network/tls-server.ts'

const openPage = useBrowser()
const timeout = 60_000

async function post(url: string, body: object = {}) {
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await response.json()) as { run_id: string }
}

test('wherever an agent is said to ask for a credential, a press leads to its field', { timeout }, async () => {
  const token = 'tok-3f9c'
  const agent = await startGuardedAgent(({ authorization }) => authorization === `Bearer ${token}`)
  const { url } = await openDashboard({ env: { CONFIGURABLE_AGENTS_TRACE_URL: 'https://traces.example/{trace_id}' } })
  const registration = { agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url, anyway: true }
  await post(`${url}/orchestrator/register`, registration)
  await post(`${url}/orchestrator/writer/check`)
  const { run_id: run } = await post(`${url}/orchestrator/writer/execute`, { inputs: { topic: 'x' } })

  const page = await openPage()
  const field = page.locator('#dialog input[type="password"]:focus')
  const leaves = async () => {
    await field.waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('dialog[open]').count()).toBe(0)
  }
  await page.goto(`${url}/orchestrator`)
  await pressWords(page, 'Needs a credential')
  await leaves()
  await press(page.getByRole('button', { name: 'Execute Writer' }))
  await press(page.getByRole('dialog').getByText('Enter its credential…'))
  await leaves()
  await page.goto(`${url}/orchestrator/writer`)
  await press(page.locator('#agent-trouble').getByText('Enter its credential…'))
  await leaves()

  await page.goto(`${url}/runs/${run}`)
  await page.context().route('https://traces.example/**', (route) => route.fulfill({ body: 'The trace' }))
  const trace = page.waitForEvent('popup')
  await pressWords(page, 'View trace')
  expect((await trace).url()).toMatch(/^https:\/\/traces\.example\/[\da-f]{32}$/)
  await (await trace).close()
  await press(page.locator('.why').getByText('Enter its credential'))
  await field.waitFor()
  await page.keyboard.type(token)
  await page.keyboard.press('Enter')
  await page.getByText('Saved Writer. Checked: healthy.').waitFor()
})

const answer: RequestListener = (request, response) =>
  response.end(request.url === '/schema' ? '{"inputs": {}}' : '{"status": "healthy"}')

test('a certificate that nobody signed is accepted by a press, and so is the one after it', { timeout }, async () => {
  const { port, renew } = await startTlsServer(answer, signed)
  const { url } = await openDashboard()
  const page = await openPage()
  await page.goto(`${url}/orchestrator`)
  await typeRegistration(page, { url: `https://localhost:${port}` })
  await press(page.locator('#register-test'))
  await pressWords(page, 'Accept this certificate')
  await page.locator('.check.good').nth(2).waitFor()
  await registerByHand(page, { id: 'writer', name: 'Writer' })
  await page.getByRole('row').filter({ hasText: 'Healthy' }).waitFor()

  renew(selfSigned)
  await post(`${url}/orchestrator/writer/check`)
  await page.goto(`${url}/orchestrator/writer`)
  await page.getByText('Its TLS certificate is another one than the accepted one').first().waitFor()
  await pressWords(page, 'Accept this certificate')
  await page.getByText('Saved Writer. Checked: healthy.').waitFor()
})
