import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { json, startAgent } from '../../support/agents/agent.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { openDashboard } from '../../support/dashboard.ts'

const openPage = useBrowser()

const inputs = {
  topic: { type: 'str', required: true },
  length: { type: 'int', required: false, default: 500 },
  tone: { type: 'str | None', required: false, default: 'neutral' },
  tags: { type: 'list[str]', required: false },
  wanted: { type: 'bool', required: false },
  key: { type: { type: 'string', format: 'password' }, required: false },
  result: { type: 'str', required: false },
}

async function openDialog(options: Parameters<typeof openPage>[0] = {}) {
  const agent = await startAgent({ schema: json({ workflow: 'article_writer', inputs, outputs: ['result'] }) })
  const dashboard = await openDashboard()
  const registration = { agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url }
  await fetch(`${dashboard.url}/orchestrator/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(registration),
  })
  const page = await openPage(options)
  await page.goto(`${dashboard.url}/orchestrator`)
  await page.getByRole('button', { name: 'Execute Writer' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('article_writer').waitFor()
  const bodies = () => agent.requests.filter(({ url }) => url === '/run').map(({ body }) => body)
  return { agent, dashboard, page, dialog, bodies }
}

const focused = (page: Page) => page.evaluate('document.activeElement.name + " " + document.activeElement.value')
const completed = (page: Page) => page.getByRole('status').filter({ hasText: 'Completed' }).waitFor()

test('each input is not sent, set, null or empty, and the JSON says the same', { timeout: 60_000 }, async () => {
  const { page, dialog, bodies } = await openDialog()
  await dialog.getByLabel(/^topic/).fill('two\nlines')
  await dialog.getByRole('button', { name: 'Set length' }).click()
  await expect.poll(() => focused(page)).toBe('v:/length 500')
  await dialog.getByRole('textbox', { name: /^length/ }).fill('9007199254740993')
  await dialog.getByRole('button', { name: 'Send Null as tone' }).click()
  await dialog.getByText('Null is sent').waitFor()
  await dialog.getByText('False', { exact: true }).click()
  await dialog.getByRole('button', { name: 'Set tags' }).click()
  await expect.poll(() => focused(page)).toBe('v:/tags ')
  await page.keyboard.type('first')
  await dialog.getByRole('button', { name: 'Add item to tags' }).click()
  await dialog.getByLabel('tags, item 2').waitFor()
  await page.keyboard.type('second')
  await dialog.getByRole('button', { name: 'Remove item 1 of tags' }).click()
  await dialog.getByLabel('tags, item 2').waitFor({ state: 'detached' })
  expect(await dialog.getByLabel('tags, item 1').inputValue()).toBe('second')

  await dialog.getByRole('button', { name: 'JSON', exact: true }).click()
  const text = dialog.getByLabel('Inputs as JSON')
  await text.waitFor()
  expect(await text.inputValue()).toBe(
    '{\n  "topic": "two\\nlines",\n  "length": 9007199254740993,\n  "tone": null,\n  "tags": ["second"],\n  "wanted": false\n}',
  )
  await text.fill('{"topic": }')
  await dialog.getByRole('button', { name: 'Form', exact: true }).click()
  await dialog.getByText('unexpected "}" at line 1, column 11').waitFor()
  expect(await text.inputValue()).toBe('{"topic": }')
  await text.fill('{"topic": "again", "tone": "", "extra": 1.0}')
  await dialog.getByRole('button', { name: 'Form', exact: true }).click()
  await dialog.getByLabel('Other inputs').waitFor()
  expect(await dialog.getByRole('textbox', { name: /^topic/ }).inputValue()).toBe('again')
  await dialog.getByRole('button', { name: 'Execute', exact: true }).click()
  await completed(page)
  expect(bodies()).toEqual(['{"extra":1.0,"topic":"again","tone":""}'])
})

test('what is shown after a row was removed is what is sent, however it was edited before', async () => {
  const { page, dialog, bodies } = await openDialog()
  await dialog.getByLabel(/^topic/).fill('a')
  await dialog.getByRole('button', { name: 'Set tags' }).click()
  await dialog.getByLabel('tags, item 1').fill('x')
  await dialog.getByRole('button', { name: 'Add item to tags' }).click()
  await dialog.getByLabel('tags, item 2').fill('y')
  await dialog.getByRole('button', { name: 'Add item to tags' }).click()
  await dialog.getByLabel('tags, item 3').waitFor()
  // Now the page was printed with x in the first row. With x typed into the second one, it is printed so again.
  await dialog.getByLabel('tags, item 1').fill('something else')
  await dialog.getByLabel('tags, item 2').fill('x')
  await dialog.getByRole('button', { name: 'Remove item 1 of tags' }).click()
  await dialog.getByLabel('tags, item 3').waitFor({ state: 'detached' })
  expect(await dialog.getByLabel('tags, item 1').inputValue()).toBe('x')
  await dialog.getByRole('button', { name: 'Execute', exact: true }).click()
  await completed(page)
  expect(bodies()).toEqual(['{"topic":"a","tags":["x",""]}'])
})

test('a password stays in the form while its buttons are pressed', async () => {
  const { page, dialog, bodies } = await openDialog()
  await dialog.getByLabel(/^topic/).fill('a')
  await dialog.getByRole('button', { name: 'Set key' }).click()
  await dialog.getByRole('textbox', { name: /^key/ }).fill('hunter2')
  await dialog.getByRole('button', { name: 'Set length' }).click()
  await dialog.getByRole('textbox', { name: /^length/ }).waitFor()
  await dialog.getByRole('button', { name: 'JSON', exact: true }).click()
  await dialog.getByLabel('Inputs as JSON').waitFor()
  await dialog.getByRole('button', { name: 'Execute', exact: true }).click()
  await completed(page)
  expect(JSON.parse(bodies()[0]!)).toEqual({ topic: 'a', length: 500, key: 'hunter2' })
})

test("an agent's own refusal stands at its field, in the dialog", async () => {
  const { agent, page, dialog } = await openDialog()
  const { run } = agent.handlers
  agent.handlers.run = json({ detail: [{ loc: ['body', 'result'], msg: 'Value error, no such result' }] }, 422)
  await dialog.getByLabel(/^topic/).fill('kept')
  await dialog.getByText('More inputs').click()
  await dialog.getByRole('button', { name: 'Set result' }).click()
  await dialog.getByRole('textbox', { name: /^result/ }).fill('x')
  await dialog.getByText('More inputs').click()
  await dialog.getByRole('button', { name: 'Execute', exact: true }).click()
  await dialog.getByText('Value error, no such result').waitFor()
  await dialog.getByRole('link', { name: 'See the failed run' }).waitFor()
  await expect.poll(() => focused(page)).toBe('v:/result x')
  expect(await dialog.getByRole('textbox', { name: /^topic/ }).inputValue()).toBe('kept')
  agent.handlers.run = run
  await dialog.getByRole('button', { name: 'Execute', exact: true }).click()
  await completed(page)
})

test('a double click makes one run', async () => {
  const { page, dialog, bodies } = await openDialog()
  await dialog.getByLabel(/^topic/).fill('once')
  await dialog.getByRole('button', { name: 'Execute', exact: true }).dblclick()
  await completed(page)
  expect(bodies()).toHaveLength(1)
})

test.each([true, false])(
  'going back to press Execute once more leads to the same run (JavaScript: %s)',
  { timeout: 60_000 },
  async (javaScriptEnabled) => {
    const { dashboard, bodies } = await openDialog()
    const page = await openPage({ javaScriptEnabled })
    await page.goto(`${dashboard.url}/orchestrator/writer/execute?inputs={"length":3}`)
    await page.getByLabel(/^topic/).fill('once')
    await page.getByRole('textbox', { name: /^length/ }).fill('4')
    await page.getByRole('button', { name: 'Execute', exact: true }).click()
    await page.getByRole('heading', { name: 'article_writer on Writer' }).waitFor()
    const first = page.url()
    await page.goBack()
    await page.locator('#dialog-title').filter({ hasText: 'Execute Writer' }).waitFor()
    expect(await page.getByLabel(/^topic/).inputValue()).toBe('once')
    await page.getByRole('button', { name: 'Execute', exact: true }).click()
    await page.getByRole('heading', { name: 'article_writer on Writer' }).waitFor()
    expect(page.url()).toBe(first)
    expect(bodies()).toEqual(['{"topic":"once","length":4}'])
  },
)

test('the keyboard is enough', { timeout: 60_000 }, async () => {
  const { page, dialog, bodies } = await openDialog()
  await expect.poll(() => focused(page)).toBe('v:/topic ')
  await page.keyboard.type('typed')
  await page.keyboard.press('Tab')
  await expect.poll(() => focused(page)).toBe('op set:/length')
  await page.keyboard.press('Enter')
  await expect.poll(() => focused(page)).toBe('v:/length 500')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('many')
  await page.keyboard.press('Enter')
  await dialog.getByText('Enter a whole number.').waitFor()
  await expect.poll(() => focused(page)).toBe('v:/length many')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('7')
  await page.keyboard.press('Enter')
  await completed(page)
  expect(bodies()).toEqual(['{"topic":"typed","length":7}'])
})

test('recent inputs fill the form, and a link opens the dialog filled in', { timeout: 60_000 }, async () => {
  const { dashboard, page, dialog, bodies } = await openDialog()
  await dialog.getByLabel(/^topic/).fill('from before')
  await dialog.getByRole('button', { name: 'Execute', exact: true }).click()
  await completed(page)
  await page.goto(`${dashboard.url}/orchestrator`)
  await page.getByRole('button', { name: 'Execute Writer' }).click()
  await dialog.getByText('Recent inputs').click()
  await dialog.getByRole('link', { name: 'from before' }).click()
  await expect.poll(() => dialog.getByLabel(/^topic/).inputValue()).toBe('from before')

  const link = new URLSearchParams({ execute: 'writer', inputs: '{"topic":"by link","wanted":true}' })
  await page.goto(`${dashboard.url}/orchestrator?${link}`)
  await dialog.getByText('article_writer').waitFor()
  expect(await dialog.getByLabel(/^topic/).inputValue()).toBe('by link')
  await dialog.getByRole('button', { name: 'Execute', exact: true }).click()
  await completed(page)
  expect(bodies().at(-1)).toBe('{"topic":"by link","wanted":true}')
  await page.getByRole('button', { name: 'Edit and rerun' }).click()
  await expect.poll(() => dialog.getByLabel(/^topic/).inputValue()).toBe('by link')
})

test('the form works without JavaScript, buttons and all', { timeout: 60_000 }, async () => {
  const { agent, dashboard } = await openDialog()
  const page = await openPage({ javaScriptEnabled: false })
  const link = new URLSearchParams({ execute: 'writer', inputs: '{"topic":"by link"}' })
  await page.goto(`${dashboard.url}/orchestrator?${link}`)
  await page.getByRole('button', { name: 'Execute Writer' }).first().click()
  await page.getByRole('button', { name: 'Set tags' }).click()
  await page.getByLabel('tags, item 1').fill('a')
  await page.getByRole('button', { name: 'Add item to tags' }).click()
  await page.getByLabel('tags, item 2').fill('b\nc')
  await page.getByRole('button', { name: 'Send Null as tone' }).click()
  await page.getByRole('button', { name: 'Execute', exact: true }).click()
  await page.getByRole('heading', { name: 'article_writer on Writer' }).waitFor()
  const { body } = agent.requests.find(({ url }) => url === '/run')!
  expect(body).toBe('{"topic":"by link","tone":null,"tags":["a","b\\nc"]}')
})
