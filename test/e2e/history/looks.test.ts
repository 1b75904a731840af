import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { expectAccessible } from '../../support/browser/axe.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { inPage } from '../../support/browser/press.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertHistory, rows } from '../../support/history/run-list.ts'
import { insertRuns } from '../../support/runs/runs.ts'

const openPage = useBrowser()
const menus = ['view', 'agents', 'time', 'more', 'columns', 'export']

test('axe finds nothing, whatever is open', { timeout: 60_000 }, async () => {
  const dashboard = await openDashboard()
  await insertHistory(dashboard)
  const page = await openPage({ bypassCSP: true })
  const invalid = 'from=x&to=y&longer=z&q=foo%3Abar&columns=nothing&columns=out.score&columns=error&sort=cost'
  await page.goto(`${dashboard.url}/runs?agent=writer&status=failed&${invalid}`)
  await page.locator('#runs-chart svg a').first().waitFor()
  await expectAccessible(page)
  for (const menu of menus) {
    await page.locator(`#menu-${menu} > summary`).click()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
  }
  await page.locator('#search').fill('out.')
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('ArrowDown')
  await expectAccessible(page)
  await page.goto(`${dashboard.url}/runs`)
  for (const key of ['j', 'x', ' ']) await page.keyboard.press(key)
  await page.locator('#peek').getByText('Open run').waitFor()
  await expectAccessible(page)
})

test('what a row cuts off is its title', async () => {
  const dashboard = await openDashboard()
  await insertHistory(dashboard)
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs`)
  const line = page.locator('#run-run-118 .c-workflow > div')
  await line.hover()
  expect(await line.getAttribute('title')).toBeNull()
  const long = 'long '.repeat(99)
  await line.evaluate(inPage('line', `line.textContent = '${long}'`))
  await page.locator('#run-run-117 .c-workflow > div').hover()
  await line.hover()
  expect(await line.getAttribute('title')).toBe(long)
})

/** From where to where each head is, those that are shown. */
const heads = (page: Page) =>
  page
    .locator('.runs thead th')
    .filter({ visible: true })
    .evaluateAll(
      inPage<{ left: number; right: number; text: string }[]>(
        'all',
        `return all.map((head) => {
          const { left, right } = head.getBoundingClientRect()
          return { left: Math.round(left), right: Math.round(right), text: head.textContent.trim() }
        })`,
      ),
    )

test('a list of many columns scrolls in its card, and each column can be read', { timeout: 60_000 }, async () => {
  const dashboard = await openDashboard()
  await insertHistory(dashboard)
  const page = await openPage({ hasTouch: true })
  const chosen = [
    'status',
    'workflow',
    'agent',
    'id',
    'by',
    'started',
    'completed',
    'duration',
    'tokens',
    'cost',
    'error',
  ]
  const pinned = Array.from({ length: 8 }, (_, index) => `in.field_${index}`)
  const few = ['status', 'workflow', 'started', 'completed', 'duration', 'cost', 'error']
  for (const [first, count] of [
    [chosen, 0],
    [few, 2],
    [chosen, 4],
    [chosen, 8],
  ] as const) {
    const columns = [...first, ...pinned.slice(0, count)].map((one) => `columns=${one}`).join('&')
    await page.goto(`${dashboard.url}/runs?${columns}`)
    for (const width of [700, 768, 1024, 1120, 1440]) {
      await page.setViewportSize({ width, height: 800 })
      const shown = await heads(page)
      const about = `${first.length} and ${count} pinned, ${width} px`
      expect(await page.evaluate('document.documentElement.scrollWidth'), about).toBe(width)
      const workflow = shown.find(({ text }) => text === 'Workflow')!
      expect(workflow.right - workflow.left, about).toBeGreaterThanOrEqual(180)
      const overlaps = shown.filter(({ left }, index) => index > 0 && left < shown[index - 1]!.right - 1)
      expect(overlaps, about).toEqual([])
    }
  }
  await page.setViewportSize({ width: 768, height: 800 })
  const last = page.locator('.runs thead th').last()
  await last.scrollIntoViewIfNeeded()
  expect((await heads(page)).at(-1)!.right).toBeLessThanOrEqual(768)
})

const heights = (page: Page) =>
  rows(page).evaluateAll(
    inPage<number[]>('all', 'return [...new Set(all.map((row) => row.getBoundingClientRect().height))]'),
  )

test('rows have one height whatever they say, and nothing scrolls sideways at any width', {
  timeout: 60_000,
}, async () => {
  const dashboard = await openDashboard()
  await insertHistory(dashboard)
  const long = { id: 'long'.repeat(30), workflow_name: 'w'.repeat(200), agent_id: 'w'.repeat(200), inputs: '"x y"' }
  await insertRuns(dashboard, [
    { ...long, error_message: `e\n${'e'.repeat(300)}`, status: 'failed' },
    {
      id: 'odd',
      status: 'odd '.repeat(20),
      workflow_name: '\n\n',
      total_tokens: 1e11,
      total_cost_usd: 1e8,
      duration_seconds: 1e8,
    },
  ])
  const page = await openPage({ viewport: { width: 320, height: 800 } })
  const width = () => page.evaluate('document.documentElement.scrollWidth')
  await page.goto(`${dashboard.url}/runs`)
  await page.locator('#runs-chart svg a').first().waitFor()
  for (const [wide, high] of [
    [320, 65],
    [375, 65],
    [640, 65],
    [641, 56],
    [768, 56],
    [1024, 56],
    [1120, 56],
    [1920, 56],
  ]) {
    await page.setViewportSize({ width: wide!, height: 800 })
    expect([wide, await width(), await heights(page)]).toEqual([wide, wide, [high]])
  }
  await page.setViewportSize({ width: 375, height: 800 })
  for (const menu of menus) {
    await page.locator(`#menu-${menu} > summary`).click()
    expect(await width(), menu).toBe(375)
    const panel = (await page.locator(`#menu-${menu} > :not(summary)`).boundingBox())!
    expect(panel.x, menu).toBeGreaterThanOrEqual(0)
    expect(panel.x + panel.width, menu).toBeLessThanOrEqual(375)
    await page.keyboard.press('Escape')
  }
  await page.goto(
    `${dashboard.url}/runs?columns=out.by.name&columns=error&columns=workflow&columns=id&q=${'a'.repeat(90)}`,
  )
  expect(await width()).toBe(375)
})
