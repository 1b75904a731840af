import { expect, test } from 'vitest'
import { useBrowser } from '../../support/browser/browser.ts'
import { openExecuteDialog, pressExecute } from '../../support/browser/execute-dialog.ts'
import { press } from '../../support/browser/press.ts'

const openPage = useBrowser()

const login = {
  type: 'object',
  title: 'Login',
  properties: { user: { type: 'string' }, pass: { type: 'string', format: 'password' } },
  required: ['user', 'pass'],
}
const inputs = {
  stop: { type: 'str | list[str]', required: true },
  source: { anyOf: [{ type: 'string' }, login], required: true },
}

test('what was typed into a kind comes back, with its password, after a refusal and after a reload', {
  timeout: 60_000,
}, async () => {
  const { page, dialog, open, executed, agent } = await openExecuteDialog(openPage, inputs)
  const kind = (name: string) => press(dialog.getByRole('button', { name, exact: true }))
  const held = (name: string) => dialog.locator(`[name="${name}"]:visible`).inputValue()
  await dialog.getByRole('textbox', { name: 'stop' }).fill('END')
  await kind('List: stop')
  await page.locator('[name="v:/stop/:1"]:focus').waitFor()
  expect(await held('v:/stop/:1')).toBe('END')
  await page.keyboard.press('End')
  await page.keyboard.type(',STOP')
  await kind('Login: source')
  await page.locator('[name="v:/source/:1/user"]:focus').waitFor()
  await page.keyboard.type('ada')
  await page.keyboard.press('Tab')
  await page.keyboard.type('hunter2')
  await kind('Text: source')
  await page.locator('[name="v:/source/:0"]:focus').waitFor()
  await pressExecute(page)
  await dialog.getByText('This input is required.').waitFor()
  expect(agent.requests.filter(({ url }) => url === '/run')).toEqual([])
  await kind('Login: source')
  await page.locator('[name="v:/source/:1/user"]:focus').waitFor()
  expect([await held('v:/source/:1/user'), await held('v:/source/:1/pass')]).toEqual(['ada', 'hunter2'])
  expect(await dialog.locator('.error').allTextContents()).toEqual([])

  await kind('Text: source')
  await page.locator('[name="v:/source/:0"]:focus').waitFor()
  await page.keyboard.type('a page')
  await kind('JSON')
  await dialog.locator('#json:focus').waitFor()
  expect(await dialog.locator('#json').inputValue()).not.toContain('ada')
  await kind('Form')
  await dialog.locator('[name="v:/source/:0"]:visible').waitFor()
  await kind('Text: stop')
  await page.locator('[name="v:/stop/:0"]:focus').waitFor()
  expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('hunter2')
  await page.reload()
  await open()
  await dialog.getByText('Draft restored.').waitFor()
  expect([await held('v:/stop/:0'), await held('v:/source/:0')]).toEqual(['END', 'a page'])
  await kind('List: stop')
  await page.locator('[name="v:/stop/:1"]:focus').waitFor()
  expect(await dialog.locator('[name="v:/stop/:1"]:visible').count()).toBe(2)
  await pressExecute(page)
  expect(await executed()).toBe('{"stop":["END","STOP"],"source":"a page"}')
})

test('without JavaScript, too', async () => {
  const { agent, dashboard } = await openExecuteDialog(openPage, inputs)
  const page = await openPage({ javaScriptEnabled: false })
  await page.goto(`${dashboard.url}/orchestrator/writer/execute`)
  const kind = (name: string) => page.getByRole('button', { name, exact: true }).click()
  await page.getByLabel('source').locator('textarea:visible').fill('a page')
  await page.getByLabel('stop').locator('textarea:visible').fill('END')
  await kind('List: stop')
  await page.locator('[name="v:/stop/:1"]').fill('other')
  await kind('JSON')
  await kind('Form')
  await kind('Text: stop')
  expect(await page.locator('[name="v:/stop/:0"]').inputValue()).toBe('END')
  await kind('List: stop')
  expect(await page.locator('[name="v:/stop/:1"]').inputValue()).toBe('other')
  await page.getByRole('button', { name: 'Execute', exact: true }).click()
  await page.waitForURL(/\/runs\//)
  expect(agent.requests.findLast(({ url }) => url === '/run')!.body).toBe('{"stop":["other"],"source":"a page"}')
})
