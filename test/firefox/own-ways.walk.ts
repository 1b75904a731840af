import { describe, expect, test } from 'vitest'
import { openDashboard } from '../support/dashboard.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { count, press, pressWords, type, until, useFirefox, withWords } from './firefox.ts'

describe('as it comes', () => {
  const openPage = useFirefox({ 'network.dns.localDomains': 'dashboard.example' })

  test('choosing a workflow from the suggestions filters', async () => {
    const dashboard = await openDashboard()
    await insertRuns(dashboard, [
      { agent_workflow: 'article' },
      { agent_workflow: 'article' },
      { agent_workflow: 'report' },
    ])
    const page = await openPage()
    await page.goto(`${dashboard.url}/runs`)
    await press(page, (await page.waitForSelector('#menu-more > summary'))!)
    await type(page, '#filter-workflow', 'art')
    // Without a screen Firefox opens no list: what it does when one chooses from it.
    await page.evaluate(`(({ activeElement: field }) => {
      field.value = 'article'
      field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertReplacementText' }))
    })(document)`)
    await until(page, "location.search.includes('workflow=article')")
    await expect.poll(() => count(page, '.runs tr.run')).toBe(2)
    expect(await page.evaluate("document.querySelector('#menu-more').open")).toBe(true)
  })

  test('Shift on the rim of a box selects those in between', async () => {
    const dashboard = await openDashboard()
    await insertRuns(dashboard, Array(9).fill({}))
    const page = await openPage()
    await page.goto(`${dashboard.url}/runs`)
    const rim = async (id: string, shift: boolean) => {
      const { x, y } = (await (await page.waitForSelector(`#run-${id} .c-tick label`))!.boundingBox())!
      if (shift) await page.keyboard.down('Shift')
      await page.mouse.click(x + 2, y + 2)
      if (shift) await page.keyboard.up('Shift')
    }
    await rim('run-7', false)
    await rim('run-3', true)
    expect(await count(page, 'input[name="run"]:checked')).toBe(5)
  })

  test('Compare leads to the two runs', async () => {
    const dashboard = await openDashboard()
    await insertRuns(dashboard, [{ inputs: '{"n":1}' }, { inputs: '{"n":2}' }])
    const page = await openPage()
    await page.goto(`${dashboard.url}/runs`)
    for (const id of ['run-0', 'run-1']) await press(page, (await page.waitForSelector(`#run-${id} .c-tick label`))!)
    await pressWords(page, 'Compare', '#bulk')
    await withWords(page, 'Compare two runs', 'main')
  })

  test('under another name there is no clipboard: Copy shows the text, selected', async () => {
    const outputs = '{"text": "first line\\nsecond line"}'
    const dashboard = await openDashboard({ env: { CONFIGURABLE_AGENTS_ALLOWED_HOSTS: 'dashboard.example' } })
    await insertRuns(dashboard, [{ outputs }])
    const page = await openPage()
    await page.goto(`http://dashboard.example:${new URL(dashboard.url).port}/runs/run-0?tab=json`)
    expect(await page.evaluate('isSecureContext')).toBe(false)
    await pressWords(page, 'Copy')
    await withWords(page, 'The text is selected. Browsers let a page copy by itself only over https or on localhost.')
    expect(await page.evaluate('getSelection().toString()')).toBe(outputs)
  })
})

describe('with cookies and storage blocked', () => {
  const openPage = useFirefox({ 'network.cookie.cookieBehavior': 2 })

  test('no page throws, and the theme changes', async () => {
    const dashboard = await openDashboard()
    await insertRuns(dashboard, [{}])
    const page = await openPage()
    for (const path of ['/', '/orchestrator', '/runs', '/runs/run-0', '/system']) {
      await page.goto(dashboard.url + path)
      await press(page, (await page.waitForSelector('[title="System theme"]'))!)
      await page.waitForSelector('[title="Light theme"]')
    }
    const storage = '(() => { try { return typeof localStorage } catch (error) { return error.name } })()'
    expect(await page.evaluate(storage)).toBe('SecurityError')
  })
})
