import { expect, test } from 'vitest'
import { useBrowser } from '../../support/browser/browser.ts'
import { focused, openExecuteDialog, pressExecute } from '../../support/browser/execute-dialog.ts'
import { inPage, press } from '../../support/browser/press.ts'

const openPage = useBrowser()

const inputs = {
  topic: { type: 'str', required: true },
  length: { type: 'int', required: false, default: 500 },
  tone: { type: 'str', required: false, default: 'neutral' },
  tags: { type: 'list[str]', required: false },
  numbers: { type: 'list[float]', required: false },
  text: { type: { type: 'string', format: 'textarea' }, required: false },
}

const openForm = () => openExecuteDialog(openPage, inputs)

test('what is typed after Set takes the place of the default', async () => {
  const { page, set, executed } = await openForm()
  await page.keyboard.type('a')
  await set('length')
  await page.keyboard.type('1')
  await set('tone')
  await page.keyboard.type('dry')
  await pressExecute(page)
  expect(await executed()).toBe('{"topic":"a","length":1,"tone":"dry"}')
})

test('Enter in a text of one line sends the form, and puts no line break into it', async () => {
  const { page, executed } = await openForm()
  await page.keyboard.type('one line')
  await page.keyboard.press('Enter')
  expect(await executed()).toBe('{"topic":"one line"}')
})

test('with Shift Enter begins another line, and from then on it does so by itself, as in a long text', async () => {
  const { page, set, executed } = await openForm()
  await page.keyboard.type('a')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('b')
  await page.keyboard.press('Enter')
  await page.keyboard.type('c')
  await set('text')
  await page.keyboard.type('d')
  await page.keyboard.press('Enter')
  await page.keyboard.type('e')
  await page.keyboard.press('ControlOrMeta+Enter')
  expect(await executed()).toBe('{"topic":"a\\nb\\nc","text":"d\\ne"}')
})

test('Enter that ends a composition, as in Chinese, sends nothing', async () => {
  const { agent, page, dialog } = await openForm()
  await page.keyboard.type('a')
  await dialog.getByRole('textbox', { name: /^topic/ }).evaluate(
    inPage(
      'field',
      `for (const init of [{ isComposing: true }, { keyCode: 229 }])
         field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init }))`,
    ),
  )
  expect(await focused(page)).toBe('v:/topic a')
  expect(agent.requests.filter(({ url }) => url === '/run')).toEqual([])
})

test('Enter or a comma begins the next item of a list, and what was begun and left blank is none', async () => {
  const { page, dialog, set, executed } = await openForm()
  await page.keyboard.type('a')
  await set('tags')
  await page.keyboard.type('one')
  await page.keyboard.press('Enter')
  await page.keyboard.type('two,three')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  expect(await dialog.getByLabel(/^tags, item/).count()).toBe(4)
  await press(dialog.getByRole('button', { name: 'Remove item 2 of tags' }))
  await dialog.getByLabel('tags, item 4').waitFor({ state: 'detached' })
  await set('numbers')
  await page.keyboard.type('1.5,2')
  await page.keyboard.press('Enter')
  await page.keyboard.type('3')
  await pressExecute(page)
  expect(await executed()).toBe('{"topic":"a","tags":["one","three"],"numbers":[1.5,2,3]}')
})

test('an item is begun where one is, and a comma in the middle of one stays', async () => {
  const { page, dialog, set, executed } = await openForm()
  await page.keyboard.type('a')
  await set('tags')
  await page.keyboard.type('Paris France')
  for (let left = 0; left < 7; left++) await page.keyboard.press('ArrowLeft')
  await page.keyboard.type(',')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.keyboard.type('last')
  await press(dialog.getByLabel('tags, item 1'))
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.keyboard.type('between')
  await page.keyboard.press('ControlOrMeta+Enter')
  expect(await executed()).toBe('{"topic":"a","tags":["Paris, France","between","last"]}')
})

test('several lines that are pasted into a list are several items', async () => {
  const { page, dialog, set, executed } = await openForm()
  await page.keyboard.type('a')
  await set('tags')
  await page.keyboard.type('x')
  await dialog.getByLabel('tags, item 1').evaluate(
    inPage(
      'field',
      `const clipboardData = new DataTransfer()
       clipboardData.setData('text', 'one\\r\\ntwo, and more\\n\\nthree\\n')
       field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))`,
    ),
  )
  await expect.poll(() => focused(page)).toBe('v:/tags three')
  await pressExecute(page)
  expect(await executed()).toBe('{"topic":"a","tags":["xone","two, and more","three"]}')
})

test('a list that was set and left blank is empty', async () => {
  const { page, set, executed } = await openForm()
  await page.keyboard.type('a')
  await set('tags')
  await set('numbers')
  await pressExecute(page)
  expect(await executed()).toBe('{"topic":"a","tags":[],"numbers":[]}')
})

test.each([900, 380])('the dialog scrolls inside, and its buttons stay in sight: %i px', async (height) => {
  const many = Array.from({ length: 12 }, (_, index) => [`wanted${index}`, { type: 'bool', required: true }])
  const { page, dialog } = await openExecuteDialog(openPage, Object.fromEntries(many))
  await page.setViewportSize({ width: 700, height })
  const tooLarge = 'return [dialog.scrollHeight - dialog.clientHeight, dialog.scrollWidth - dialog.clientWidth]'
  const sizes = () => page.locator('#dialog').evaluate(inPage<number[]>('dialog', tooLarge))
  await pressExecute(page)
  await dialog.getByText('This input is required.').first().waitFor()
  expect(await sizes()).toEqual([0, 0])
  await dialog.getByText('True').last().scrollIntoViewIfNeeded()
  const button = (await dialog.getByRole('button', { name: 'Execute', exact: true }).boundingBox())!
  expect(button.y + button.height).toBeLessThan(height)
  expect(button.y).toBeGreaterThan(height / 2)
})
