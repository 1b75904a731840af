import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { json, silence } from '../../support/agents/agent.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { press } from '../../support/browser/press.ts'
import { hides, inAddress, ofWriter, openWorld, shows } from '../../support/browser/world.ts'

// Everything that can be pressed on these pages is pressed here by its words. A new button that no rule judges makes
// these tests fail until it is named with what it does.

const openPage = useBrowser()
const timeout = 120_000

test('the form to execute an agent', { timeout }, async () => {
  const { agent, page, at, walk, post } = await openWorld(openPage, [ofWriter])
  const executing = async () => {
    await at('/orchestrator')()
    // No draft of the press before.
    await page.evaluate('sessionStorage.clear()')
    await press(page.getByText('Execute', { exact: true }))
    await page
      .getByRole('dialog')
      .getByLabel(/^topic/)
      .waitFor()
  }
  const form = {
    'button Form': shows('#view-form[aria-pressed="true"]'),
    'button JSON': shows('#json'),
    'button Execute Ctrl': shows('#fix a'),
    'button Set length': shows('#dialog input[inputmode]'),
    'button Set tags': shows('#dialog .chips'),
  }
  await walk({ open: executing, within: 'dialog', others: form })
  const recent = async () => {
    await executing()
    await press(page.getByText('Recent inputs'))
  }
  const isFilled = (one: Page) => expect.poll(() => one.locator('[name="v:/topic"]').inputValue()).toBe('x')
  await walk({ open: recent, within: '#recent-inputs .menu', others: { 'link x': isFilled } })
  await walk({ open: at('/orchestrator/writer/execute'), within: '.crumb' })
  agent.handlers.run = json({ detail: [{ loc: ['body', 'topic'], msg: 'too short' }] }, 422)
  const { run_id: refused } = await post('/orchestrator/writer/execute', { inputs: { topic: 'x' } })
  await at(`/runs/${refused}`)()
  await page.getByText('Fix 1 input: topic').waitFor()
  await walk({ open: at(`/orchestrator/writer/execute?from=${refused}`), within: '.notice.bad' })
  agent.handlers.schema = silence
  await at('/orchestrator')()
  await press(page.getByText('Execute', { exact: true }))
  await page.getByRole('dialog').getByText('Asking the agent…').waitFor()
  await press(page.getByRole('dialog').getByText('Cancel'))
  await hides('dialog[open]')(page)
  await agent.close()
  const problem = async () => {
    await at('/orchestrator')()
    await press(page.getByText('Execute', { exact: true }))
    await page.getByText('Try again', { exact: true }).waitFor()
  }
  await walk({ open: problem, within: 'dialog', others: { 'link Try again': shows('text=Try again') } })
})

test('controls of lists, keys, kinds, options and examples', { timeout }, async () => {
  const { agent, page, at, walk } = await openWorld(openPage)
  const user = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }
  const countries = Array.from({ length: 30 }, (_, index) => `Country ${index}`)
  agent.handlers.schema = json({
    inputs: {
      users: { type: { type: 'array', items: user }, required: true },
      params: { type: 'dict[str, int]', required: true },
      stop: { type: 'str | list[str]', required: true, examples: ['END'] },
      country: { enum: countries, required: true },
      limit: { type: 'int | None', required: true, default: 5 },
      tags: { type: 'list[str]', required: true, default: ['x'] },
      file: { type: 'bytes', required: true },
    },
  })
  const there = async () => {
    await at('/orchestrator')()
    await page.evaluate('sessionStorage.clear()')
    await at('/orchestrator/writer/execute')()
  }
  const count = (selector: string, wanted: number) => (one: Page) =>
    expect.poll(() => one.locator(selector).count()).toBe(wanted)
  await walk({
    open: there,
    within: '#execute',
    others: {
      'button Form': shows('#view-form[aria-pressed="true"]'),
      'button JSON': shows('#json'),
      'button Execute Ctrl': shows('#fix a'),
      'button Add item to tags': count('.chips [name="v:/tags"]', 2),
      'button Remove item # of tags': count('.chips [name="v:/tags"]', 0),
      'button Use default (["x"]): tags': count('.chips [name="v:/tags"]', 1),
      'button Write users as JSON': shows('textarea.code[name="v:/users"]'),
      'button Write users, item # as JSON': shows('textarea.code[name="v:/users/0"]'),
      'button Remove item # of users': count('[name="r:/users"]', 0),
      'button Add item to users': count('[name="r:/users"]', 2),
      'button Write params as JSON': shows('textarea.code[name="v:/params"]'),
      'button Remove entry # of params': count('[name="r:/params"]', 0),
      'button Add entry to params': count('[name="r:/params"]', 2),
      'button Write stop as JSON': shows('textarea.code[name="v:/stop"]'),
      'button Text: stop': shows('textarea[name="v:/stop/:0"]'),
      'button List: stop': shows('.chips textarea[name="v:/stop/:1"]'),
      'button Use the example END for stop': shows('textarea[name="v:/stop/:0"]:text("END")'),
      'button Send Null as limit': shows('text=Null is sent'),
    },
  })
  const missed = async () => {
    await there()
    await press(page.getByRole('button', { name: 'Execute', exact: true }))
    await page.locator('#fix a').first().waitFor()
  }
  const empties = ['file', 'name', 'stop'].map((name) => [
    `button Send empty ${name}`,
    shows('text=An empty text is sent'),
  ])
  await walk({ open: missed, within: '.error', others: Object.fromEntries(empties) })
  await there()
  await page.getByLabel('users, item 1').getByLabel('name').fill('Ada')
  await press(page.getByRole('button', { name: 'Add item to users' }))
  await page.getByLabel('users, item 2').getByLabel('name').fill('Bob')
  await press(page.getByRole('button', { name: 'Remove item 1 of users' }))
  await count('[name="r:/users"]', 1)(page)
  await page.getByLabel('params, key 1').fill('max')
  await page.keyboard.press('Tab')
  await page.keyboard.type('many')
  await press(page.getByRole('button', { name: 'List: stop' }))
  await page.locator('[name="v:/stop/:1"]:focus').waitFor()
  await page.keyboard.type('a,b')
  await page.getByLabel('country').fill('Country 7')
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(page.getByText('Choose file'))])
  await chooser.setFiles({ name: 'x', mimeType: 'a/b', buffer: Buffer.from([0, 255]) })
  await expect.poll(() => page.locator('[name="v:/file"]').inputValue()).toBe('AP8=')
  await press(page.getByRole('button', { name: 'Execute', exact: true }))
  await press(page.getByRole('link', { name: 'params.0' }))
  await expect.poll(() => page.evaluate('document.activeElement.value')).toBe('many')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('12345678901234567890')
  await hides('#fix')(page)
  await press(page.getByRole('button', { name: 'Execute', exact: true }))
  await inAddress(/\/runs\/[\da-f-]{36}/)(page)
  expect(agent.requests.findLast(({ url }) => url === '/run')!.body).toBe(
    '{"users":[{"name":"Bob"}],"params":{"max":12345678901234567890},"stop":["a","b"],"country":"Country 7","limit":5,"tags":["x"],"file":"AP8="}',
  )
})

test('options are chosen, and the schema of what has no controls is shown', { timeout }, async () => {
  const { agent, page, at } = await openWorld(openPage)
  const node = { type: 'object', properties: { child: { $ref: '#/$defs/node' } }, required: ['child'] }
  agent.handlers.schema = json({
    $defs: { node },
    inputs: {
      tone: { enum: ['calm', 'warm'], required: true },
      modes: { type: { type: 'array', items: { enum: ['fast', 'slow'] } }, required: true, default: ['fast'] },
      tree: { type: { $ref: '#/$defs/node' }, required: true },
    },
  })
  await at('/orchestrator/writer/execute')()
  for (const [name, words] of [
    ['tone', 'warm'],
    ['modes', 'slow'],
  ] as const) {
    const select = page.locator(`select[name="v:/${name}"]`)
    await press(select)
    // The list that the press has opened is left by keys.
    await page.keyboard.type(words)
    await page.keyboard.press('Enter')
    await expect.poll(() => select.locator('option:checked').textContent()).toBe(words)
  }
  await press(page.getByText('Schema', { exact: true }))
  await page.locator('.outline pre').getByText('child').waitFor()
})
