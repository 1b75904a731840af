import { expect, test } from 'vitest'
import { openWithUsers, typeLogin } from '../../support/access/in-browser.ts'
import { passwordOf } from '../../support/access/people.ts'
import { expectAccessible } from '../../support/browser/axe.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { press, pressWords } from '../../support/browser/press.ts'
import { isOnPostgres } from '../../support/store/which.ts'
import { temporaryFile } from '../../support/temporary.ts'

const openPage = useBrowser()
const timeout = 60_000

test('an admin adds somebody, changes their role, gives them a new password, and removes them', {
  timeout,
}, async () => {
  const { url, as } = await openWithUsers(openPage, { ann: 'admin' })
  const page = await as('ann', { bypassCSP: true })
  const dialog = page.getByRole('dialog')
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  const choose = async (name: string, words: string) => {
    await page.getByLabel(`More for ${name}`).click()
    await press(row(name).getByText(words, { exact: true }))
    await dialog.getByRole('heading').waitFor()
    await expect.poll(() => page.locator('[aria-busy]').count()).toBe(0)
  }
  await page.goto(`${url}/system`)
  await pressWords(page, 'Users')
  await pressWords(page, 'Add user')
  await dialog.getByLabel('Name').fill('bob')
  await dialog.getByLabel('Password').fill('short')
  await press(dialog.getByText('Operator'))
  await press(dialog.getByRole('button', { name: 'Add user' }))
  await dialog.getByText('A password has at least 8 characters.').waitFor()
  expect(await page.evaluate('document.activeElement.id')).toBe('user-password')
  expect(await dialog.getByLabel('Operator').isChecked()).toBe(true)
  await expectAccessible(page)
  await page.keyboard.press('Control+a')
  await page.keyboard.type(passwordOf('bob'))
  await press(dialog.getByRole('button', { name: 'Add user' }))
  await row('bob').getByRole('cell', { name: 'Operator', exact: true }).waitFor()
  await page.getByRole('status').getByText('Added bob.').waitFor()
  await expectAccessible(page)

  const bob = await as('bob')
  await choose('bob', 'Change role and agents…')
  await press(dialog.getByText('Viewer'))
  await press(dialog.getByText('Save', { exact: true }))
  await row('bob').getByRole('cell', { name: 'Viewer', exact: true }).waitFor()
  await bob.goto(`${url}/orchestrator`)
  await bob.locator('#agents tr[data-state]').waitFor()
  expect(await bob.getByText('Execute').count()).toBe(0)

  await choose('bob', 'Change password…')
  await dialog.getByLabel('New password').fill('another password')
  await press(dialog.getByText('Change password', { exact: true }))
  await page.getByText('Changed the password of bob.').waitFor()
  await bob.goto(`${url}/runs`)
  await typeLogin(bob, 'bob', 'another password')
  await bob.waitForURL(`${url}/runs`)

  await page.getByLabel('More for bob').click()
  await press(row('bob').getByText('Sessions', { exact: true }))
  await page.getByRole('heading', { name: 'Sessions of bob' }).waitFor()
  await expectAccessible(page)
  await pressWords(page, 'End')
  await page.getByText('Not logged in anywhere.').waitFor()
  await bob.reload()
  await bob.getByRole('heading', { name: 'Log in' }).waitFor()

  await pressWords(page, 'Users')
  await choose('bob', 'Remove…')
  await press(dialog.getByRole('button', { name: 'Remove' }))
  await expect.poll(() => row('bob').count()).toBe(0)
  await choose('ann', 'Remove…')
  await press(dialog.getByRole('button', { name: 'Remove' }))
  await dialog.getByText('ann is the last admin with a password.').waitFor()
  await page.keyboard.press('Escape')
  await choose('ann', 'Change role and agents…')
  await press(dialog.getByText('Viewer'))
  await press(dialog.getByText('Save', { exact: true }))
  await dialog.getByText('ann is the last admin with a password.').waitFor()
})

test('people change their own password, and end where else they are logged in', { timeout }, async () => {
  const { url, as } = await openWithUsers(openPage, { vic: 'viewer' })
  const elsewhere = await as('vic')
  const third = await as('vic')
  const page = await as('vic', { bypassCSP: true })
  await page.locator('#menu-who > summary').click()
  await press(page.locator('#menu-who').getByText('Account', { exact: true }))
  await page.getByText('this one').waitFor()
  await expectAccessible(page)
  expect(await page.getByRole('button', { name: 'End', exact: true }).count()).toBe(3)
  await pressWords(page, 'End all others')
  await expect.poll(() => page.getByRole('button', { name: 'End', exact: true }).count()).toBe(1)
  await elsewhere.reload()
  await typeLogin(elsewhere, 'vic')
  await elsewhere.waitForURL(`${url}/`)

  await page.getByLabel('Old password').fill('not my password')
  await page.getByLabel('New password').fill('another password')
  await pressWords(page, 'Change password')
  await page.getByText('This is not your password.').waitFor()
  await page.getByLabel('Old password').fill(passwordOf('vic'))
  await page.getByLabel('New password').fill('another password')
  await pressWords(page, 'Change password')
  await page.getByText('Password changed.').waitFor()
  for (const other of [elsewhere, third]) {
    await other.reload()
    await other.getByRole('heading', { name: 'Log in' }).waitFor()
  }
  await pressWords(page, 'End')
  await typeLogin(page, 'vic', 'another password')
  await page.getByText('this one').waitFor()

  await page.context().clearCookies()
  await page.getByLabel('Old password').fill('another password')
  await page.getByLabel('New password').fill('a third password')
  await pressWords(page, 'Change password')
  const beside = page.waitForEvent('popup')
  await press(page.getByRole('link', { name: 'Log in' }))
  await typeLogin(await beside, 'vic', 'another password')
  await (await beside).waitForURL(`${url}/`)
  await page.reload()
  await page.getByText('Password changed.').waitFor()
})

test('a token is shown once, is copied, lets a program in, and is removed', { timeout }, async () => {
  const { url, as } = await openWithUsers(openPage, { ann: 'admin' })
  const page = await as('ann', { bypassCSP: true, permissions: ['clipboard-read', 'clipboard-write'] })
  const dialog = page.getByRole('dialog')
  const copied = () => page.evaluate<string>('navigator.clipboard.readText()')
  const status = async (token: string) => {
    const headers = { accept: 'application/json', authorization: `Bearer ${token}` }
    return (await fetch(`${url}/runs`, { headers })).status
  }
  await page.goto(`${url}/settings/tokens`)
  await pressWords(page, 'Create token')
  await press(dialog.getByRole('button', { name: 'Create token' }))
  await dialog.locator('.error').waitFor()
  await dialog.getByLabel('Name').fill('reporting')
  await press(dialog.getByRole('button', { name: 'Create token' }))
  await page.getByText('reporting is ready. Copy it now; it is not shown again.').waitFor()
  await page.getByLabel('Copy token').click()
  await expect.poll(copied).toMatch(/^ca_[\w-]{43}$/)
  const token = await copied()
  expect(await status(token)).toBe(200)
  await expectAccessible(page)

  await pressWords(page, 'Create token')
  await dialog.getByLabel('Name').fill('fleet')
  await dialog.getByLabel('Scope').selectOption('registration')
  await press(dialog.getByRole('button', { name: 'Create token' }))
  await page.getByLabel('Copy registry URL').click()
  await expect.poll(copied).toMatch(new RegExp(`^${url}/r/ca_[\\w-]{43}$`))
  await page.setViewportSize({ width: 375, height: 700 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)

  await page.reload()
  await page.getByRole('row', { name: 'reporting' }).waitFor()
  expect(await page.getByText('ca_').count()).toBe(0)
  await page.getByLabel('Remove reporting').click()
  await press(dialog.getByRole('button', { name: 'Remove' }))
  await page.getByText('Removed reporting.').waitFor()
  expect(await status(token)).toBe(401)
})

test('a long name fits into the bar and its tables, at every width', { timeout }, async () => {
  const name = 'name-without-end-'.repeat(4).slice(0, 64)
  const { url, as } = await openWithUsers(openPage, { [name]: 'admin' })
  const page = await as(name)
  const misfits: string[] = []
  for (const path of ['/settings/users', '/settings/account']) {
    await page.goto(url + path)
    for (const width of [320, 375, 640, 768, 1001, 1024, 1120, 1280]) {
      await page.setViewportSize({ width, height: 700 })
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
      const row = await page.evaluate<number>("document.querySelector('tbody tr').offsetHeight")
      if (wide > width || row > 41) misfits.push(`${path} at ${width}: ${wide} wide, row ${row} high`)
    }
  }
  expect(misfits).toEqual([])
})

test('a short name is whole in the bar, however long that of the database is', { timeout }, async () => {
  const long = isOnPostgres ? {} : { db: temporaryFile('workflows-of-everybody-here.db') }
  const { url, as } = await openWithUsers(openPage, { ann: 'admin' }, long)
  const page = await as('ann')
  await page.goto(url)
  const isCut = "document.querySelector('.who .cut').scrollWidth > document.querySelector('.who .cut').offsetWidth"
  const edge = (of: string, side: string) => `document.querySelector('${of}').getBoundingClientRect().${side}`
  const misfits: number[] = []
  for (const width of [1001, 1120, 1280, 1440]) {
    await page.setViewportSize({ width, height: 700 })
    if (await page.evaluate(`${isCut} || ${edge('.jump', 'left')} < ${edge('.sections', 'right')}`)) misfits.push(width)
  }
  expect(misfits).toEqual([])
})
