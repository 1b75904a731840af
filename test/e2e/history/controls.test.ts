import { expect, test } from 'vitest'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { inPage, press, pressWords } from '../../support/browser/press.ts'
import { hides, inAddress, ofWriter, openWorld } from '../../support/browser/world.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { openGivenStore } from '../../support/store/database.ts'

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
  const { view_id: id } = await post('/runs/views', { name: 'Failed', filter: 'status=failed' })
  await walk({ open: at(`/runs/views/${id}/delete`), within: '.crumb' })
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
  await at('/runs')()
  const top = await page.locator('#runs').evaluate(inPage<string>('runs', "return runs.getAttribute('hx-get')"))
  const newest = new URLSearchParams(top.split('?')[1]).get('top')!
  await walk({ open: at(`/runs?newer=${encodeURIComponent(newest)}`), within: '.empty, .pager' })
  const peeking = async () => {
    await at('/runs')()
    for (const key of ['j', ' ']) await page.keyboard.press(key)
    await page.locator('#peek').getByText('Open run').waitFor()
  }
  await walk({ open: peeking, within: '#peek', others: { 'button Close': hides('#peek') } })
})

/** A dashboard whose searches give up at the first run that they find, but for those of older pages. */
async function openInterrupted() {
  return openDashboard({
    async openStore(...given) {
      const store = await openGivenStore(...given)
      const { list } = store.history
      store.history.list = async (selection, request, agents) => {
        const found = await list(selection, request, agents)
        const [first] = found.runs
        if (!first || request.after !== undefined) return found
        return {
          ...found,
          runs: [],
          isMore: true,
          searchedTo: { position: first.position, startedAt: first.startedAt },
        }
      }
      return store
    },
  })
}

test('a search that ran out of time continues: back by itself, and up by a press', { timeout }, async () => {
  const dashboard = await openInterrupted()
  await insertRuns(
    dashboard,
    Array.from({ length: 60 }, (_, index) => ({ ...ofWriter, id: `run-${index}` })),
  )
  const page = await openPage()
  const rows = page.locator('tr.run')
  await page.goto(`${dashboard.url}/runs`)
  await expect.poll(() => rows.count()).toBe(50)
  await press(page.locator('.further-state').getByText('Older'))
  await expect.poll(() => rows.count()).toBe(9)
  await pressWords(page, 'Newer')
  await page.getByText('Searched up to').waitFor()
  const reached = page.url()
  await pressWords(page, 'Continue')
  await expect.poll(() => page.url()).not.toBe(reached)
  await inAddress('/runs?newer=')(page)
})
