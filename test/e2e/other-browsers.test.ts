import { expect, test } from 'vitest'
import { useBrowser } from '../support/browser/browser.ts'
import { inPage, press } from '../support/browser/press.ts'
import { openDashboard } from '../support/dashboard.ts'
import { insertRuns } from '../support/runs/runs.ts'

const openPage = useBrowser()

test('a press with Shift on the rim of a box selects those in between, as on the box', {
  timeout: 60_000,
}, async () => {
  const dashboard = await openDashboard()
  await insertRuns(dashboard, Array(9).fill({}))
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs`)
  const rim = async (id: string, shift: boolean) => {
    const box = (await page.locator(`.c-tick label:has([value="${id}"])`).boundingBox())!
    if (shift) await page.keyboard.down('Shift')
    await page.mouse.click(box.x + 2, box.y + 2)
    if (shift) await page.keyboard.up('Shift')
  }
  const selected = () => page.locator('input[name="run"]:checked').count()
  await rim('run-7', false)
  expect(await selected()).toBe(1)
  await rim('run-3', true)
  expect(await selected()).toBe(5)
  await rim('run-7', false)
  await rim('run-5', true)
  expect(await selected()).toBe(2)
  expect(await page.evaluate('getSelection().toString()')).toBe('')
  await press(page.locator(`input[name="run"][value="run-4"]`), { shift: true })
  expect(await selected()).toBe(1)
})

test('choosing a suggestion filters where that is input and no change, and is sent once', {
  timeout: 60_000,
}, async () => {
  const dashboard = await openDashboard()
  await insertRuns(dashboard, [
    { agent_workflow: 'article' },
    { agent_workflow: 'article' },
    { agent_workflow: 'report' },
  ])
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs`)
  const asked: string[] = []
  page.on('request', (request) => {
    if (/\/runs\?.*workflow=article/.test(request.url())) asked.push(request.url())
  })
  await press(page.locator('#menu-more > summary'))
  const field = page.locator('#filter-workflow')
  await field.evaluate(
    inPage(
      'field',
      `field.value = 'article'
       field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertReplacementText' }))
       field.dispatchEvent(new Event('change', { bubbles: true }))`,
    ),
  )
  await expect.poll(() => page.locator('.runs tr.run').count()).toBe(2)
  expect(asked).toHaveLength(1)
  await field.fill('')
  await press(page.getByRole('heading', { name: 'Runs', exact: true }))
  await expect.poll(() => page.locator('.runs tr.run').count()).toBe(3)
  await press(page.locator('#menu-more > summary'))
  await field.evaluate(
    inPage(
      'field',
      `field.value = 'report'
       field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertReplacementText' }))`,
    ),
  )
  await expect.poll(() => page.locator('.runs tr.run').count()).toBe(1)
})
