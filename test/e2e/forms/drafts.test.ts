import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { openExecuteDialog, pressExecute } from '../../support/browser/execute-dialog.ts'
import { press, pressWords } from '../../support/browser/press.ts'
import { openRegistration } from '../../support/browser/registration.ts'
import { openDashboard } from '../../support/dashboard.ts'

const openPage = useBrowser()

const inputs = {
  topic: { type: 'str', required: true },
  length: { type: 'int', required: false, default: 500 },
  tone: { type: "Literal['dry', 'warm']", required: false },
  wanted: { type: 'bool', required: false },
  tags: { type: 'list[str]', required: false },
  key: { type: 'SecretStr', required: false },
  users: { type: 'list[dict[str, SecretStr]]', required: false },
}

const openDialog = (expected?: RegExp) => openExecuteDialog(openPage, inputs, expected)
type Opened = Awaited<ReturnType<typeof openDialog>>

/** Fills every kind of control. */
async function fillIn({ page, set }: Pick<Opened, 'page' | 'set'>): Promise<void> {
  await page.getByLabel(/^topic/).fill('退款\nsecond line')
  await set('length')
  await page.keyboard.type('7')
  await page.getByLabel(/^tone/).selectOption('warm')
  await pressWords(page, 'False')
  await set('tags')
  await page.keyboard.type('one,two')
  await set('key')
  await page.keyboard.type('hunter2')
}

const filledIn = { topic: '退款\nsecond line', length: 7, tone: 'warm', wanted: false, tags: ['one', 'two'] }

const shownIn = async (page: Page): Promise<unknown> => {
  const shown = await page.locator('#execute').evaluate((form) =>
    // What a person sees in the controls, by name.
    [...(form as unknown as { elements: Iterable<Record<string, unknown>> }).elements]
      .filter(({ name, type, checked }) => /^v:/.test(String(name)) && (type !== 'radio' || checked))
      .map(({ name, value }) => [String(name).slice(3), value]),
  )
  return shown
}
const everythingShown = [
  ['topic', '退款\nsecond line'],
  ['length', '7'],
  ['tone', '"warm"'],
  ['wanted', 'false'],
  ['tags', 'one'],
  ['tags', 'two'],
  ['key', 'hunter2'],
]
const withoutPassword = everythingShown.map(([name, value]) => [name, name === 'key' ? '' : value])
const storedDrafts = (page: Page) => page.evaluate<string>('JSON.stringify(sessionStorage)')
const message = (page: Page, words: string | RegExp) => page.locator('.toast').filter({ hasText: words }).waitFor()

describe('what was typed stays when it is refused', () => {
  test('because it is too large, or something between has no answer, after which less of it is taken', async () => {
    const opened = await openDialog()
    const { page, dashboard, executed } = opened
    await fillIn(opened)
    const address = `${dashboard.url}/orchestrator/writer/execute`
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'hx-request': 'true',
      'hx-request-type': 'partial',
    }
    // To type so much takes a browser seconds.
    const refusal = await fetch(address, { method: 'POST', headers, body: `v:/topic=${'%E9'.repeat(8_500_000)}` })
    expect(refusal.status).toBe(413)
    const answers = [
      { status: 413, body: await refusal.text(), headers: Object.fromEntries(refusal.headers), words: 'at most 8 MiB' },
      { status: 502, body: '<p>Bad</p>', headers: { 'content-type': 'text/html' }, words: '502' },
    ]
    for (const { words, ...answer } of answers) {
      await page.route(address, (route) => route.fulfill(answer))
      await pressExecute(page)
      await message(page, words)
      expect(await shownIn(page)).toEqual(everythingShown)
      await page.unrouteAll()
    }
    await page.getByLabel(/^topic/).fill('less')
    await pressExecute(page)
    expect(JSON.parse(await executed())).toEqual({ ...filledIn, topic: 'less', key: 'hunter2' })
  })

  test('because the agent was removed meanwhile, or nobody answers, which is said at once', async () => {
    const opened = await openDialog(/Failed to fetch/)
    const { page, dashboard, agent } = opened
    await fillIn(opened)
    await fetch(`${dashboard.url}/orchestrator/writer`, { method: 'DELETE' })
    await pressExecute(page)
    await message(page, 'There is no agent "writer".')
    expect(await shownIn(page)).toEqual(everythingShown)
    await press(page.getByRole('button', { name: 'JSON', exact: true }))
    await expect.poll(() => shownIn(page)).toEqual(everythingShown)
    await dashboard.stop()
    await pressExecute(page)
    await message(page, 'No answer from the dashboard.')
    expect(await shownIn(page)).toEqual(everythingShown)
    expect(agent.requests.filter(({ url }) => url === '/run')).toEqual([])
    await page.getByRole('button', { name: 'Execute', exact: true }).and(page.locator(':enabled')).waitFor()
  })

  test('in the registration, too', async () => {
    const dashboard = await openDashboard()
    const page = await openPage()
    await page.goto(`${dashboard.url}/orchestrator`)
    await page.getByLabel('Agent ID').fill('mine')
    await page.getByLabel('Agent URL').fill('http://127.0.0.1:1')
    await page.getByLabel('Agent name').fill('Mine')
    await page.route('**/register', (route) => route.fulfill({ status: 502, body: 'Bad' }))
    await press(page.getByRole('button', { name: 'Register', exact: true }))
    await message(page, '502')
    expect(await page.getByLabel('Agent ID').inputValue()).toBe('mine')
  })
})

describe('a draft', () => {
  test('is kept however the dialog is closed, until it is executed', { timeout: 60_000 }, async () => {
    const opened = await openDialog()
    const { page, dialog, dashboard, open, executed } = opened
    await fillIn(opened)
    const ways = [
      () => page.keyboard.press('Escape'),
      () => page.mouse.click(5, 400),
      () => press(dialog.getByText('Cancel')),
      async () => {
        await page.goto(`${dashboard.url}/runs`)
        await page.goto(`${dashboard.url}/orchestrator`)
      },
    ]
    for (const close of ways) {
      await close()
      await dialog.waitFor({ state: 'hidden' })
      expect(await storedDrafts(page)).not.toContain('hunter')
      await open()
      await dialog.getByText('Draft restored. Passwords are not part of it: enter them again.').waitFor()
      expect(await shownIn(page)).toEqual(withoutPassword)
      await page.getByLabel(/^key/).fill('hunter3')
    }
    await pressExecute(page)
    expect(JSON.parse(await executed())).toEqual({ ...filledIn, key: 'hunter3' })
    await page.goto(`${dashboard.url}/orchestrator`)
    await open()
    expect(await dialog.getByText('Draft restored.').count()).toBe(0)
    expect(await storedDrafts(page)).toBe('{}')
  })

  test('can be discarded, and is none of a form that nothing is typed into, or no longer', async () => {
    const opened = await openDialog()
    const { page, dialog, open } = opened
    await fillIn(opened)
    await page.keyboard.press('Escape')
    await open()
    await press(dialog.getByText('Discard draft'))
    await dialog.getByText('Draft restored.').waitFor({ state: 'detached' })
    expect(await shownIn(page)).toEqual([
      ['topic', ''],
      ['tone', ''],
      ['wanted', ''],
    ])
    await page.keyboard.press('Escape')
    await open()
    expect(await page.getByLabel(/^topic/).inputValue()).toBe('')
    expect(await storedDrafts(page)).toBe('{}')
    await page.keyboard.type('x')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Escape')
    expect(await storedDrafts(page)).toBe('{}')
    await open()
    expect(await page.getByText('Draft restored.').count()).toBe(0)
  })

  test('of JSON that may hold passwords is not kept', async () => {
    const { page, dialog } = await openDialog()
    await press(dialog.getByRole('button', { name: 'Set users' }))
    await dialog.getByLabel('users, item 1, key 1').fill('pass')
    await page.keyboard.press('Tab')
    await page.keyboard.type('hunter2')
    await press(dialog.getByRole('button', { name: 'JSON', exact: true }))
    await dialog.getByLabel('Inputs as JSON').waitFor()
    await page.keyboard.press('Escape')
    expect(await storedDrafts(page)).not.toContain('hunter2')
  })

  test('gives way to a form that a link fills in', async () => {
    const { page, dialog, dashboard, open } = await openDialog()
    await page.keyboard.type('of the draft')
    await page.keyboard.press('Escape')
    await page.goto(`${dashboard.url}/orchestrator?execute=writer&inputs={"topic":"by%20link"}`)
    await dialog.getByText('article_writer').waitFor()
    expect(await page.getByLabel(/^topic/).inputValue()).toBe('by link')
    await page.keyboard.press('Escape')
    await page.goto(`${dashboard.url}/orchestrator`)
    await open()
    await expect.poll(() => page.getByLabel(/^topic/).inputValue()).toBe('of the draft')
  })
})

test('a dialog without a draft is not closed by Esc or a press beside it when something was changed', async () => {
  const { page, dialog, dashboard } = await openDialog()
  await page.goto(`${dashboard.url}/orchestrator/writer`)
  const edit = async () => {
    await press(page.locator('#agent-menu > summary'))
    await pressWords(page, 'Edit…')
    await dialog.getByLabel('Agent name').waitFor()
  }
  for (const close of [() => page.keyboard.press('Escape'), () => page.mouse.click(5, 400)]) {
    await edit()
    await close()
    await dialog.waitFor({ state: 'hidden' })
    await edit()
    await dialog.getByLabel('Agent name').fill('Other')
    await close()
    await message(page, 'Your changes are not saved.')
    expect(await dialog.getByLabel('Agent name').inputValue()).toBe('Other')
    await close()
    await dialog.waitFor({ state: 'hidden' })
  }
})

describe('a form is what it shows', () => {
  test('after F5 in the JSON view', async () => {
    const { topic, length } = inputs
    const { page, dashboard, set, executed } = await openExecuteDialog(openPage, { topic, length })
    await page.goto(`${dashboard.url}/orchestrator/writer/execute`)
    await page.keyboard.type('a')
    await set('length')
    await press(page.getByRole('button', { name: 'JSON', exact: true }))
    await page.getByLabel('Inputs as JSON').fill('{"topic": "b", "length": 3}')
    await page.reload()
    await page.getByText('Draft restored.').waitFor()
    expect(await page.getByLabel('Inputs as JSON').inputValue()).toBe('{"topic": "b", "length": 3}')
    await pressExecute(page)
    expect(await executed()).toBe('{"topic": "b", "length": 3}')
  })

  test('after F5 in JSON that may hold passwords, which is as it was before it was JSON', async () => {
    const opened = await openDialog()
    const { page, dashboard, executed } = opened
    await page.goto(`${dashboard.url}/orchestrator/writer/execute`)
    await fillIn(opened)
    await press(page.getByRole('button', { name: 'JSON', exact: true }))
    await page.getByLabel('Inputs as JSON').waitFor()
    await page.reload()
    await page.getByText('Draft restored.').waitFor()
    expect(await shownIn(page)).toEqual(withoutPassword)
    await pressExecute(page)
    await page.getByText('Fill this in, or choose not to send it.').waitFor()
    await press(page.getByRole('button', { name: 'Not sent: key' }))
    await page.locator('[name="v:/key"]').waitFor({ state: 'detached' })
    await pressExecute(page)
    expect(JSON.parse(await executed())).toEqual(filledIn)
  })

  test('after Back from another page', async () => {
    const opened = await openDialog()
    const { page, dashboard } = opened
    await page.goto(`${dashboard.url}/orchestrator/writer/execute`)
    await fillIn(opened)
    await pressWords(page, 'Runs')
    await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor()
    await page.goBack()
    await page.getByLabel('tags, item 2').waitFor()
    const shown = await shownIn(page)
    expect([everythingShown, withoutPassword]).toContainEqual(shown)
  })
})

test('a registration that is half filled in survives Back and F5, and is gone once it is done', async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await page.getByLabel('Agent ID').fill('mine')
  await page.getByLabel('Agent URL').fill(agent.url)
  await pressWords(page, 'Runs')
  await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor()
  await page.goBack()
  await expect.poll(() => page.getByLabel('Agent ID').inputValue()).toBe('mine')
  await page.reload()
  expect(await page.getByLabel('Agent URL').inputValue()).toBe(agent.url)
  await page.getByLabel('Agent name').fill('Mine')
  await press(page.getByRole('button', { name: 'Register', exact: true }))
  await page.getByRole('row').filter({ hasText: 'Healthy' }).waitFor()
  await openRegistration(page)
  expect(await page.getByLabel('Agent ID').inputValue()).toBe('')
  await page.reload()
  await openRegistration(page)
  expect(await page.getByLabel('Agent ID').inputValue()).toBe('')
})

describe('without JavaScript', () => {
  test('what was typed is there again on going back from a refusal', async () => {
    const { dashboard } = await openDialog()
    const page = await openPage({ javaScriptEnabled: false })
    await page.goto(`${dashboard.url}/orchestrator/writer/execute`)
    await press(page.getByRole('button', { name: 'Set tags' }))
    await page.getByLabel(/^topic/).fill('退款')
    await page.getByLabel('tags, item 1').fill('one')
    await fetch(`${dashboard.url}/orchestrator/writer`, { method: 'DELETE' })
    await pressExecute(page)
    await page.getByText('There is no agent "writer".').waitFor()
    await page.goBack()
    expect(await page.getByLabel(/^topic/).inputValue()).toBe('退款')
    expect(await page.getByLabel('tags, item 1').inputValue()).toBe('one')
  })

  test('a registration that is half filled in survives Back', async () => {
    const dashboard = await openDashboard()
    const page = await openPage({ javaScriptEnabled: false })
    await page.goto(`${dashboard.url}/orchestrator`)
    await page.getByLabel('Agent ID').fill('mine')
    await pressWords(page, 'Runs')
    await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor()
    await page.goBack()
    expect(await page.getByLabel('Agent ID').inputValue()).toBe('mine')
  })

  test('a list that was set and left blank is empty, and what cannot be another value is chosen', async () => {
    const { agent, dashboard } = await openExecuteDialog(openPage, {
      kind: { type: "Literal['report']", required: true },
      tags: { type: 'list[str]', required: false },
    })
    const page = await openPage({ javaScriptEnabled: false })
    await page.goto(`${dashboard.url}/orchestrator/writer/execute`)
    await press(page.getByRole('button', { name: 'Set tags' }))
    await pressExecute(page)
    await page.getByRole('heading', { name: 'article_writer on Writer' }).waitFor()
    expect(agent.requests.findLast(({ url }) => url === '/run')!.body).toBe('{"kind":"report","tags":[]}')
  })
})
