import { expect, test } from 'vitest'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { press, pressWords } from '../../support/browser/press.ts'
import { hides, ofWriter, openWorld } from '../../support/browser/world.ts'
import { insertRuns } from '../../support/runs/runs.ts'

// Everything that can be pressed here is pressed by its words. A new button that no rule judges makes these tests fail
// until it is named with what it does.

const openPage = useBrowser()
const timeout = 60_000

test('a saved view is chosen, renamed, shared and deleted', { timeout }, async () => {
  const { page, at, walk, post } = await openWorld(openPage, [{ ...ofWriter, status: 'failed' }])
  let count = 0
  const chosen = async () => {
    await post('/runs/views', { name: `Mine ${++count}`, filter: `status=failed&longer=${count}s` })
    await at('/runs')()
    await press(page.getByRole('link', { name: `Mine ${count}`, exact: true }))
    await page.locator('.view.chosen').getByText(`Mine ${count}`).waitFor()
  }
  await walk({ open: chosen, within: '.views' })
  const editing = async () => {
    await chosen()
    await pressWords(page, 'Edit view')
    await page.getByLabel('Name').fill(`Renamed ${count}`)
  }
  const others = { 'button Rename': () => page.locator('.view.chosen').getByText(`Renamed ${count}`).waitFor() }
  await walk({ open: editing, within: '#menu-view .panel', others })
  const deleting = async () => {
    await editing()
    await pressWords(page, 'Delete view…')
    await page.getByRole('dialog').getByText('The runs that it shows stay.').waitFor()
  }
  const isDeleted = () => expect.poll(() => page.getByText(`Mine ${count}`, { exact: true }).count()).toBe(0)
  await walk({ open: deleting, within: '#dialog', others: { 'button Delete': isDeleted } })
})

test('the help of the search, what a filter has wrong, a peek, and pages that are empty', { timeout }, async () => {
  const { dashboard, page, at, walk } = await openWorld(openPage)
  await walk({ open: at('/runs'), within: '.empty' })
  await walk({ open: at('/runs?older=2000-01-01'), within: '.empty, .filter-errors' })
  await insertRuns(dashboard, [{ ...ofWriter, started_at: toDatetime(Date.now()) }])
  const helped = async () => {
    await at('/runs')()
    await press(page.locator('#menu-more > summary'))
    await pressWords(page, 'How to search')
    await page.getByRole('dialog').getByText('exact phrase').waitFor()
  }
  await walk({ open: helped, within: 'dialog' })
  await walk({ open: at('/runs?status=none&longer=x'), within: '.filter-errors' })
  const peeking = async () => {
    await at('/runs')()
    for (const key of ['j', ' ']) await page.keyboard.press(key)
    await page.locator('#peek').getByText('Open run').waitFor()
  }
  await walk({ open: peeking, within: '#peek', others: { 'button Close': hides('#peek') } })
})
