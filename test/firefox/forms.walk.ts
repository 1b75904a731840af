import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { openDashboard } from '../support/dashboard.ts'
import { pressWords, resize, type, useFirefox, withWords } from './firefox.ts'

const openPage = useFirefox()

async function withAgent() {
  const agent = await startAgent()
  const dashboard = await openDashboard()
  await fetch(`${dashboard.url}/orchestrator/register`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url }),
  })
  const sent = () => agent.requests.filter(({ url }) => url === '/run').map(({ body }) => JSON.parse(body))
  return { agent, dashboard, sent }
}

const typedInto = (page: Page, field: string) => page.evaluate(`document.querySelector('${field}').value`)

test('after the JSON view and F5, Execute sends what the form shows', async () => {
  const { dashboard, sent } = await withAgent()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator/writer/execute`)
  await page.waitForSelector('#execute textarea')
  await page.keyboard.type('typed')
  await pressWords(page, 'JSON')
  await page.waitForSelector('#json')
  await page.reload()
  await page.waitForSelector('#execute .primary')
  await page.waitForSelector('#json')
  expect(JSON.parse(String(await typedInto(page, '#json')))).toMatchObject({ topic: 'typed' })
  await pressWords(page, 'Execute', '#execute .dialog-foot')
  await withWords(page, 'Completed', '#run')
  expect(sent()).toEqual([{ topic: 'typed' }])
})

test('an input that was set stays set over F5, and is sent', async () => {
  const { dashboard, sent } = await withAgent()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator/writer/execute`)
  await page.waitForSelector('#execute textarea')
  await page.keyboard.type('typed')
  await page.evaluate(`document.querySelector('[aria-label="Set length"]').click()`)
  await page.waitForSelector('#execute input[inputmode]')
  await page.reload()
  await page.waitForSelector('#execute .primary')
  await page.waitForSelector('#execute input[inputmode]')
  expect(await typedInto(page, '#execute textarea')).toBe('typed')
  await pressWords(page, 'Execute', '#execute .dialog-foot')
  await withWords(page, 'Completed', '#run')
  expect(sent()).toEqual([{ topic: 'typed', length: 500 }])
})

test('a half-filled registration survives Back', async () => {
  const { dashboard } = await withAgent()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await pressWords(page, 'Register agent')
  await type(page, '#agent-url', 'http://localhost:9000')
  await type(page, '#agent-id', 'half')
  await page.keyboard.press('Escape')
  await pressWords(page, 'Runs', '.sections')
  await page.waitForSelector('#runs')
  await page.goBack()
  await page.waitForSelector('#register-form')
  expect(await typedInto(page, '#agent-url')).toBe('http://localhost:9000')
  expect(await typedInto(page, '#agent-id')).toBe('half')
})

test('the dialog scrolls inside, with its buttons in sight', async () => {
  const { agent, dashboard } = await withAgent()
  const inputs = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [`input_${index}`, { type: 'str', required: true, description: 'x' }]),
  )
  agent.handlers.schema = json({ workflow: 'long', inputs, outputs: [] })
  const page = await openPage()
  await resize(page, 1000, 600)
  await page.goto(`${dashboard.url}/orchestrator`)
  await pressWords(page, 'Execute')
  await withWords(page, 'Execute Writer', '#dialog')
  const measured = await page.evaluate(`(() => {
    const dialog = document.getElementById('dialog')
    const buttons = dialog.querySelector('.dialog-foot').getBoundingClientRect()
    return [dialog.scrollHeight - dialog.clientHeight, buttons.bottom <= innerHeight, dialog.querySelector('.dialog-body').scrollHeight > 600]
  })()`)
  expect(measured).toEqual([0, true, true])
})

test('Set, Enter, commas and a draft are as everywhere', async () => {
  const { dashboard, sent } = await withAgent()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await pressWords(page, 'Execute')
  await withWords(page, 'Execute Writer', '#dialog')
  await page.keyboard.type('typed')
  await page.evaluate(`document.querySelector('[aria-label="Set tags"]').click()`)
  await page.waitForSelector('#execute .row textarea:focus')
  await page.keyboard.type('one,two')
  await page.keyboard.press('Enter')
  await page.keyboard.type('three')
  await page.keyboard.press('Escape')
  await page.waitForSelector('#dialog:not([open])')
  await pressWords(page, 'Execute')
  await withWords(page, 'Draft restored.', '#dialog')
  await page.evaluate(`document.querySelector('[aria-label="Set length"]').click()`)
  await page.waitForSelector('#execute input[inputmode]:focus')
  await page.keyboard.type('7')
  await page.keyboard.press('Enter')
  await withWords(page, 'Completed', '#run')
  expect(sent()).toEqual([{ topic: 'typed', length: 7, tags: ['one', 'two', 'three'] }])
})
