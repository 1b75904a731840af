import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openWithUsers, typeLogin } from '../../support/access/in-browser.ts'
import { addUser } from '../../support/access/people.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { pressAll } from '../../support/browser/controls.ts'
import { press, pressWords } from '../../support/browser/press.ts'
import { hides, inAddress, isChecked, shows } from '../../support/browser/world.ts'

// Everything that can be pressed on these pages is pressed here by its words. A new button that no rule judges makes
// these tests fail until it is named with what it does.

const openPage = useBrowser()
const timeout = 60_000

const chooses = (value: string) => isChecked(`dialog [value="${value}"]`)
const agents = { 'radio All agents': chooses('all'), 'radio Only these': shows('dialog [name="agent"]') }
const roles = (of: string[]) =>
  Object.fromEntries(of.map((words) => [`radio ${words}`, chooses(words.split(' ')[0]!.toLowerCase())]))
const changes = (select: string, value: string) => async (page: Page) => {
  await page.locator(select).selectOption(value)
  expect(await page.locator(select).inputValue()).toBe(value)
}

test('every control of the list of users', { timeout }, async () => {
  const { url, app, as } = await openWithUsers(openPage, { ann: 'admin', vic: 'viewer' })
  const page = await as('ann')
  const users = () => page.goto(`${url}/settings/users`)
  await pressAll(page, { open: users })
  const ofVic = async () => {
    await users()
    await press(page.locator('summary[aria-label="More for vic"]'))
  }
  await pressAll(page, { open: ofVic, within: 'details[open] .menu' })
  const opened = (how: () => Promise<unknown>, words: string) => async () => {
    await how()
    await pressWords(page, words)
    await page.getByRole('dialog').locator('.dialog-foot').waitFor()
    await expect.poll(() => page.locator('[aria-busy]').count()).toBe(0)
  }
  const meanings = [
    'Viewer reads',
    'Operator also executes, cancels, reruns',
    'Admin also changes agents, users and set',
  ]
  const offered = { ...agents, ...roles(meanings) }
  const adding = { ...offered, 'button Add user': shows('dialog .error') }
  await pressAll(page, { open: opened(users, 'Add user'), within: '#dialog', others: adding })
  const saving = { ...offered, 'button Save': hides('dialog[open]') }
  await pressAll(page, { open: opened(ofVic, 'Change role and agents…'), within: '#dialog', others: saving })
  const refused = { 'button Change password': shows('dialog .error') }
  await pressAll(page, { open: opened(ofVic, 'Change password…'), within: '#dialog', others: refused })
  const sessions = async () => {
    await as('vic')
    await ofVic()
    await pressWords(page, 'Sessions')
    await page.getByRole('heading', { name: 'Sessions of vic' }).waitFor()
  }
  await pressAll(page, { open: () => page.goto(`${url}/settings/users/new`), within: '.crumb' })
  await pressAll(page, { open: sessions, others: { 'button End': shows('text=Not logged in anywhere') } })
  const address = page.url()
  await pressAll(page, { open: () => page.goto(address), within: '.set-head' })
  let added = 0
  const ofAnother = async () => {
    await addUser(app, `gone-${++added}`, 'viewer')
    await users()
    await press(page.locator(`summary[aria-label="More for gone-${added}"]`))
  }
  const isRemoved = (one: Page) => expect.poll(() => one.getByText(`gone-${added}`).count()).toBe(0)
  await pressAll(page, {
    open: opened(ofAnother, 'Remove…'),
    within: '#dialog',
    others: { 'button Remove': isRemoved },
  })
})

test('tokens, the audit trail and the own account', { timeout }, async () => {
  const { url, app, as } = await openWithUsers(openPage, { ann: 'admin' })
  const page = await as('ann', { permissions: ['clipboard-read', 'clipboard-write'] })
  const at = (path: string) => () => page.goto(url + path)
  const creating = async () => {
    await at('/settings/tokens')()
    await pressWords(page, 'Create token')
    await page.getByRole('dialog').getByLabel('Name').waitFor()
  }
  const choices = {
    ...agents,
    'select Scope': changes('#token-scope', 'operator'),
    'select Expires after': changes('#token-expiry', '30'),
  }
  const empty = shows('dialog .error')
  await pressAll(page, { open: creating, within: '#dialog', others: { ...choices, 'button Create token': empty } })
  let count = 0
  const created = async () => {
    await creating()
    await page.keyboard.type(`ci-${++count}`)
    await page.keyboard.press('Enter')
    await page.getByText(`ci-${count} is ready`).waitFor()
  }
  await pressAll(page, { open: at('/settings/tokens/new'), within: '.crumb' })
  await pressAll(page, { open: created, others: { 'button Copy token': shows('.copy[data-copied]') } })
  await creating()
  await page.keyboard.type('of writer')
  await pressWords(page, 'Only these')
  await press(page.getByRole('dialog').locator('label').filter({ hasText: 'Writer' }))
  await press(page.getByRole('dialog').getByRole('button', { name: 'Create token' }))
  await page.getByRole('row', { name: /of writer .*Writer/ }).waitFor()
  const [token] = (await app.orchestrator.access.tokens.all()).map(({ id }) => id)
  await pressAll(page, { open: at(`/settings/tokens/${token}/remove`), within: '.crumb' })
  const removing = async () => {
    await created()
    await press(page.getByLabel(`Remove ci-${count}`, { exact: true }))
    await page.getByRole('dialog').getByText('Programs that use').waitFor()
  }
  await pressAll(page, {
    open: removing,
    within: '#dialog',
    others: { 'button Remove': shows('text=/Removed ci-\\d+\\./') },
  })

  const byAction = async (one: Page) => {
    await changes('#audit-action', 'token.add')(one)
    await inAddress('action=token.add')(one)
  }
  await pressAll(page, { open: at('/settings/audit'), others: { 'select Action': byAction } })
  await pressAll(page, { open: at('/settings/audit?action=token.add'), within: '.audit-filter-end' })
  const exporting = async () => {
    await at('/settings/audit')()
    await pressWords(page, 'Export')
  }
  await pressAll(page, { open: exporting, within: '#audit-export .menu' })

  const who = async () => {
    await at('/')()
    await press(page.locator('#menu-who > summary'))
  }
  await pressAll(page, { open: who, within: '#menu-who a' })
  const account = async () => {
    await as('ann')
    await at('/settings/account')()
    if (page.url().endsWith('/settings/account')) return
    await typeLogin(page, 'ann')
    await page.getByText('this one').waitFor()
  }
  await pressAll(page, {
    open: account,
    within: '.settings .stack',
    others: {
      'button End all others': (one) => expect.poll(() => one.getByText('End all others').count()).toBe(0),
      'button End': (one) => expect.poll(() => one.getByText('End all others').count()).toBe(0),
      'button Change password': shows('#own-password :invalid'),
    },
  })

  const kept = await page.request.post(`${url}/runs/views`, {
    data: { name: 'Failures', filter: 'status=failed' },
    headers: { accept: 'application/json', origin: url },
  })
  expect(kept.status()).toBe(201)
  const editing = async () => {
    await at('/runs')()
    await pressWords(page, 'Failures')
    await pressWords(page, 'Edit view')
  }
  await editing()
  const words = ['Share with everyone', 'Stop sharing']
  const isShared = await page.getByText('Stop sharing').isVisible()
  for (const one of isShared ? words.toReversed() : words) {
    await pressWords(page, one)
    await page.getByText(words.find((other) => other !== one)!, { exact: true }).waitFor({ state: 'attached' })
    await editing()
  }
})
