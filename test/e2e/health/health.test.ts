import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { json, startAgent } from '../../support/agents/agent.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { openRegistration } from '../../support/browser/registration.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { startSampleAgent } from '../../support/process.ts'

const openPage = useBrowser()

async function registerAt(dashboard: string, url: string, id = 'writer', name = 'Writer'): Promise<void> {
  const response = await fetch(`${dashboard}/orchestrator/register`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ agent_id: id, agent_name: name, agent_url: url }),
  })
  expect(response.status).toBe(200)
}

const halfTyped = `(({ id, value, selectionStart, selectionEnd }) =>
  ({ id, value, selectionStart, selectionEnd }))(document.activeElement)`

const isAnswer = (status: number) => (response: { url(): string; status(): number }) =>
  response.url().endsWith('/orchestrator/health-check') && response.status() === status

test('an agent that stops shows as checking, then as down with the reason, and disturbs nobody; then it comes back', {
  timeout: 60_000,
}, async () => {
  const agent = await startSampleAgent('summarizer')
  const dashboard = await openDashboard({ env: { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '0.5' } })
  await registerAt(dashboard.url, agent.url)
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await page.evaluate('window.wasNeverReloaded = true')
  await openRegistration(page)
  await page.getByLabel('Agent URL').fill('http://localhost:90')
  await page.getByLabel('Agent ID').fill('half-typed')
  await page.evaluate('document.activeElement.setSelectionRange(2, 5)')
  const typing = { id: 'agent-id', value: 'half-typed', selectionStart: 2, selectionEnd: 5 }
  const status = page.locator('tr', { hasText: 'Writer' }).locator('.c-status')
  const shows = (pattern: RegExp) => status.filter({ hasText: pattern }).waitFor()
  await shows(/^Healthy$/)

  await agent.stop('SIGKILL')
  await shows(/^Checking [12]\/3Connection refused$/)
  expect(await page.evaluate(halfTyped)).toEqual(typing)
  await shows(/^Down \d+sConnection refused$/)
  expect(await page.evaluate(halfTyped)).toEqual(typing)
  await expect.poll(() => page.locator('#agents-tab-down').innerText()).toMatch(/^Down\s1$/)
  const tab = () =>
    page.evaluate("[document.title.slice(0, 4), document.querySelector('link[rel=icon]').href.split('/').at(-1)]")
  expect(await tab()).toEqual(['(1) ', 'icon-down.svg'])
  await page.locator('.sections').getByText('1 down').waitFor({ state: 'attached' })
  const began = await status.locator('time').textContent()
  await expect.poll(() => status.locator('time').textContent()).not.toBe(began)

  await startSampleAgent('summarizer', agent.port)
  await shows(/^Healthy$/)
  expect(await tab()).toEqual(['Orch', 'icon.svg'])
  expect(await page.evaluate(halfTyped)).toEqual(typing)
  expect(await page.getByLabel('Agent URL').inputValue()).toBe('http://localhost:90')
  expect(await page.evaluate('window.wasNeverReloaded')).toBe(true)
})

test('polls that bring nothing new swap nothing, and say that the dashboard answers', { timeout: 60_000 }, async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard({ env: { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '60' } })
  await registerAt(dashboard.url, agent.url)
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  // The first look may still bring what happened meanwhile.
  await page.waitForResponse(isAnswer(304))
  await page.evaluate(`{
    window.swapped = []
    new MutationObserver((changes) => {
      for (const { target, type, attributeName } of changes)
        if (attributeName !== 'class' && !target.closest?.('time')) swapped.push(type + ' ' + target.nodeName)
    }).observe(document.getElementById('content'), { subtree: true, childList: true, attributes: true })
    document.getElementById('connection').hidden = false
  }`)
  for (let times = 0; times < 2; times++) {
    await Promise.all([
      page.waitForResponse(isAnswer(304)),
      page.evaluate(`window.htmx.trigger(document.getElementById('agents'), 'refresh', { isLook: true })`),
    ])
  }
  await expect.poll(() => page.locator('#connection').isHidden()).toBe(true)
  expect(await page.evaluate('swapped')).toEqual([])
})

test('a check can be asked for: the button says that it is busy, keeps the focus, and what was found is said', {
  timeout: 60_000,
}, async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard()
  await registerAt(dashboard.url, agent.url)
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  let answer = () => {}
  agent.handlers.health = (request, response, body) => {
    answer = () => json({ status: 'healthy' })(request, response, body)
  }
  // It is called something else while it is busy.
  const all = page.locator('#check-all')
  await all.focus()
  await page.keyboard.press('Enter')
  await all.getByText('Checking…').waitFor()
  // Polls come in between, and leave it busy.
  await page.waitForResponse((response) => response.url().endsWith('/orchestrator/health-check'))
  expect(await all.getByText('Checking…').isVisible()).toBe(true)
  answer()
  await page.getByText('Checked: 1 healthy.').waitFor()
  await all.getByText('Check now').waitFor()
  expect(await page.evaluate('document.activeElement.id')).toBe('check-all')

  agent.handlers.health = json({ status: 'overloaded' })
  const more = page.getByRole('link', { name: 'More for Writer' })
  await more.focus()
  await page.keyboard.press('Enter')
  await page.getByText('Copy URL').waitFor()
  for (const [key, item] of [
    ['ArrowDown', 'Runs of this agent'],
    ['ArrowUp', 'Check now'],
    ['ArrowUp', 'Pause checks'],
  ]) {
    await page.keyboard.press(key!)
    expect(await page.evaluate('document.activeElement.innerText')).toBe(item)
  }
  await page.keyboard.press('Escape')
  await page.getByText('Copy URL').waitFor({ state: 'hidden' })
  expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('More for Writer')
  await page.keyboard.press('Enter')
  await page.locator('#row-menu').getByText('Check now').click()
  await page.getByText('Writer: Checking 1/3. Reports "overloaded".').waitFor()
  await page.locator('#agents').getByText('Checking 1/3').waitFor()
})

test('the last hour tells of every two minutes, to the pointer and to the keyboard', { timeout: 60_000 }, async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard({ env: { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '3600' } })
  await registerAt(dashboard.url, agent.url)
  agent.handlers.health = json({ status: '<b>odd</b>' })
  const check = () => fetch(`${dashboard.url}/orchestrator/writer/check`, { method: 'POST', redirect: 'manual' })
  await check()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  // Two minutes may end in between.
  const bar = page.getByRole('img', { name: /^Last hour: [02] of [24] minutes healthy, 2 down$/ })
  const tip = page.locator('.tip')
  const isShown = () => tip.isVisible()
  expect(await isShown()).toBe(false)

  await moveTo(page, '.heartbeat', 29)
  expect(await tip.textContent()).toMatch(/^Down\d\d:\d\d–\d\d:\d\d · (now|\d+[sm] ago)$/)
  expect(await isShown()).toBe(true)
  await moveTo(page, '.heartbeat', 3)
  expect(await tip.textContent()).toMatch(/^Not checked\d\d:\d\d–\d\d:\d\d · 5\dm ago$/)
  await page.mouse.move(0, 0)
  expect(await isShown()).toBe(false)

  await page.getByRole('button', { name: 'Copy URL' }).focus()
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.classList.contains("heartbeat")')).toBe(true)
  expect(await bar.isVisible()).toBe(true)
  expect(await tip.textContent()).toMatch(/^Down/)
  await page.keyboard.press('Home')
  expect(await tip.textContent()).toMatch(/^Not checked/)
  const oldest = await tip.textContent()
  await page.keyboard.press('ArrowRight')
  expect(await tip.textContent()).not.toBe(oldest)
  await page.keyboard.press('ArrowLeft')
  expect(await tip.textContent()).toBe(oldest)
  await page.keyboard.press('End')
  // It stays with the newest when a poll comes.
  await check()
  await Promise.all([
    page.waitForResponse(isAnswer(200)),
    page.evaluate(`window.htmx.trigger(document.getElementById('agents'), 'refresh')`),
  ])
  await expect.poll(() => tip.textContent()).toMatch(/^Down/)
  await page.keyboard.press('Escape')
  expect(await isShown()).toBe(false)
  await page.keyboard.press('Tab')
  expect(await page.evaluate(`document.activeElement.innerText.trim()`)).toBe('Execute')
})

/** Moves the pointer to the middle of one of the thirty places of a bar. */
async function moveTo(page: Page, selector: string, slot: number): Promise<void> {
  const { x, y, width, height } = (await page.locator(selector).boundingBox())!
  await page.mouse.move(x + ((slot + 0.5) / 30) * width, y + height / 2)
}

test('agents that have expired are removed by one button, after a question', { timeout: 60_000 }, async () => {
  const dashboard = await openDashboard()
  const register = (agent_id: string, ttl_seconds: number) =>
    fetch(`${dashboard.url}/agents/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ agent_id, agent_name: agent_id, host: 'localhost', port: 9, ttl_seconds }),
    })
  await register('gone', 1)
  await register('here', 3600)
  const status = async () =>
    (await (await fetch(`${dashboard.url}/orchestrator/gone`, { headers: { accept: 'application/json' } })).json()) as {
      status: string
    }
  await expect.poll(async () => (await status()).status).toBe('expired')
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await page.getByRole('button', { name: 'Remove 1 expired' }).click()
  await page.getByRole('heading', { name: 'Remove 1 expired agent?' }).waitFor()
  await page.getByRole('dialog').getByText('Cancel').click()
  expect(await page.getByRole('row').filter({ hasText: 'gone' }).count()).toBe(1)
  await page.getByRole('button', { name: 'Remove 1 expired' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove 1 expired' }).click()
  await page.getByText('Removed gone. Its runs stay.').waitFor()
  await expect.poll(() => page.getByRole('row').filter({ hasText: 'gone' }).count()).toBe(0)
  expect(await page.getByRole('row').filter({ hasText: 'here' }).count()).toBe(1)
  expect(await page.getByRole('button', { name: /expired/ }).count()).toBe(0)
})
