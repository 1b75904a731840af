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

/** Each is one run; the page and the agent are the same. */
async function openForms() {
  const opened = await openForm()
  const { page, dashboard, open, executed } = opened
  const sent = async () => {
    const body = await executed()
    await page.goto(`${dashboard.url}/orchestrator`)
    await open()
    await expect.poll(() => focused(page)).toBe('v:/topic ')
    return body
  }
  return { ...opened, sent }
}

test('Enter in a text sends the form, or begins a line, and what is typed after Set takes the place of the default', async () => {
  const { page, dialog, set, sent } = await openForms()
  await page.keyboard.type('one line')
  // It ends a composition, as in Chinese, and sends nothing.
  await dialog.getByRole('textbox', { name: /^topic/ }).evaluate(
    inPage(
      'field',
      `for (const init of [{ isComposing: true }, { keyCode: 229 }])
         field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init }))`,
    ),
  )
  expect(await focused(page)).toBe('v:/topic one line')
  await page.keyboard.press('Enter')
  expect(await sent()).toBe('{"topic":"one line"}')

  await page.keyboard.type('a')
  await set('length')
  await page.keyboard.type('1')
  await set('tone')
  await page.keyboard.type('dry')
  await pressExecute(page)
  expect(await sent()).toBe('{"topic":"a","length":1,"tone":"dry"}')

  // With Shift it begins another line, and from then on it does so by itself, as in a long text.
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
  expect(await sent()).toBe('{"topic":"a\\nb\\nc","text":"d\\ne"}')
})

test('Enter or a comma begins the next item of a list, pasted lines are items, and what is left blank is none', async () => {
  const { page, dialog, set, sent } = await openForms()
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
  expect(await sent()).toBe('{"topic":"a","tags":["one","three"],"numbers":[1.5,2,3]}')

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
  expect(await sent()).toBe('{"topic":"a","tags":["Paris, France","between","last"]}')

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
  expect(await sent()).toBe('{"topic":"a","tags":["xone","two, and more","three"]}')

  await page.keyboard.type('a')
  await set('tags')
  await set('numbers')
  await pressExecute(page)
  expect(await sent()).toBe('{"topic":"a","tags":[],"numbers":[]}')
})

test('the dialog scrolls inside, and its buttons stay in sight, whatever its height', async () => {
  const many = Array.from({ length: 12 }, (_, index) => [`wanted${index}`, { type: 'bool', required: true }])
  const { page, dialog } = await openExecuteDialog(openPage, Object.fromEntries(many))
  const tooLarge = 'return [dialog.scrollHeight - dialog.clientHeight, dialog.scrollWidth - dialog.clientWidth]'
  const sizes = () => page.locator('#dialog').evaluate(inPage<number[]>('dialog', tooLarge))
  await pressExecute(page)
  await dialog.getByText('This input is required.').first().waitFor()
  for (const height of [900, 380]) {
    await page.setViewportSize({ width: 700, height })
    expect(await sizes()).toEqual([0, 0])
    await dialog.getByText('True').last().scrollIntoViewIfNeeded()
    const button = (await dialog.getByRole('button', { name: 'Execute', exact: true }).boundingBox())!
    expect(button.y + button.height).toBeLessThan(height)
    expect(button.y).toBeGreaterThan(height / 2)
  }
})

test('what is typed while a control comes is typed into it, or stays in the control that was chosen meanwhile', async () => {
  const { page, dialog, executed } = await openForm()
  const release = new Map<string, () => void>()
  await page.route('**/execute', async (route) => {
    const op = new URLSearchParams(route.request().postData() ?? '').get('op')
    if (op) await new Promise<void>((resolve) => release.set(op, resolve))
    await route.continue()
  })
  const pressSet = async (name: string) => {
    await press(dialog.getByRole('button', { name: `Set ${name}` }))
    await expect.poll(() => release.has(`set:/${name}`)).toBe(true)
  }
  const come = async (name: string) => {
    release.get(`set:/${name}`)!()
    await page.locator(`[name^="v:/${name}"]`).first().waitFor()
  }
  await page.keyboard.type('first')
  await pressSet('length')
  await page.keyboard.type('42')
  await come('length')
  await expect.poll(() => focused(page)).toBe('v:/length 42')

  await pressSet('tags')
  await page.keyboard.type('ab,cx')
  await page.keyboard.press('Backspace')
  await come('tags')
  await expect.poll(() => focused(page)).toMatch(/^v:\/tags\S* c$/)
  await page.keyboard.type('d e')

  await pressSet('tone')
  await press(dialog.getByRole('textbox', { name: /^topic/ }))
  await page.keyboard.press('End')
  await page.keyboard.type(' second')
  await come('tone')
  await page.keyboard.type(' third')
  await pressExecute(page)
  expect(await executed()).toBe('{"topic":"first second third","length":42,"tone":"neutral","tags":["ab","cd e"]}')
})

test('a button that waited in a dialog that was closed waits in no other one', async () => {
  const { page, dialog, open } = await openForm()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const asked: string[] = []
  await page.route('**/execute', async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    asked.push(new URLSearchParams(route.request().postData() ?? '').get('op') ?? '')
    if (asked.length <= 2) await released
    await route.continue().catch(() => undefined)
  })
  const button = (name: string) => dialog.getByRole('button', { name, exact: true })
  for (const times of [1, 2]) {
    await button('Set length').press('Enter')
    await button('Set tone').press('Enter')
    await expect.poll(() => asked.length).toBe(times)
    if (times === 2) break
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await open()
  }
  release()
  await dialog.locator('[name="v:/tone"]:focus').waitFor()
  expect(asked).toEqual(['set:/length', 'set:/length', 'set:/tone'])
})

test('a button that is pressed before the last one is answered is pressed then, with what was typed after each', async () => {
  const { page, dialog, executed } = await openForm()
  await page.keyboard.type('a')
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const asked: string[] = []
  await page.route('**/execute', async (route) => {
    asked.push(new URLSearchParams(route.request().postData() ?? '').get('op') ?? '')
    if (asked.length === 1) await released
    await route.continue()
  })
  const button = (name: string) => dialog.getByRole('button', { name, exact: true })
  await button('Set length').press('Enter')
  await page.keyboard.type('12')
  await button('Set tone').press('Enter')
  await page.keyboard.type('dry')
  await button('Set tone').press('Enter')
  await button('Set tags').press('Enter')
  await page.keyboard.type('one')
  expect(asked).toEqual(['set:/length'])
  release()
  await expect.poll(() => focused(page)).toBe('v:/tags one')
  expect(asked).toEqual(['set:/length', 'set:/tone', 'set:/tags'])
  await pressExecute(page)
  expect(await executed()).toBe('{"topic":"a","length":12,"tone":"dry","tags":["one"]}')
})
