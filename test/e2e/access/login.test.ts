import { pino } from 'pino'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { StorageFaultError } from '../../../src/shared/errors.ts'
import { sessionCookie } from '../../../src/web/http/cookies/session.ts'
import { openWithUsers, typeLogin } from '../../support/access/in-browser.ts'
import { expectAccessible } from '../../support/browser/axe.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { press } from '../../support/browser/press.ts'
import { typeRegistration } from '../../support/browser/registration.ts'
import { printed, startProgram } from '../../support/process.ts'
import { openGivenStore } from '../../support/store/database.ts'
import { temporaryFile } from '../../support/temporary.ts'

const openPage = useBrowser()
const timeout = 60_000

async function logOut(page: Page, name: string): Promise<void> {
  await page.locator('#menu-who > summary').click()
  await page.getByText(name, { exact: true }).filter({ visible: true }).last().waitFor()
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByRole('heading', { name: 'Log in' }).waitFor()
}

test('the printed link makes the first admin, who is logged in, leaves, and comes back to where they wanted', {
  timeout,
}, async () => {
  const args = ['ui', '--host', '0.0.0.0', '--port', '0', '--setup', '--db', temporaryFile()]
  const program = startProgram(['bin/configurable-agents.js', ...args])
  const [, link] = await printed(program, /15 minutes: (http:\S+\/setup#[\w-]{43})\n/)
  const { origin } = new URL(link!)
  const page = await openPage({ bypassCSP: true })
  await page.goto(link!)
  expect(page.url()).toBe(`${origin}/setup`)
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('username')
  expect(await page.getByLabel('Token').isVisible()).toBe(false)
  await expectAccessible(page)
  await page.keyboard.type('ann')
  await page.getByLabel('Password').fill('a good password')
  await page.getByRole('button', { name: 'Create admin' }).click()
  await page.waitForURL(`${origin}/`)
  await page.getByText('Connect your first agent').waitFor()

  await logOut(page, 'ann')
  await page.goto(`${origin}/runs?status=failed`)
  await expectAccessible(page)
  await typeLogin(page, 'ann', 'a wrong password')
  await page.getByRole('alert').getByText('Name or password is wrong.').waitFor()
  expect(await page.getByLabel('Name').inputValue()).toBe('ann')
  expect(await page.evaluate('document.activeElement.id')).toBe('password')
  await expectAccessible(page)
  await page.keyboard.type('a good password')
  await page.keyboard.press('Enter')
  await page.waitForURL(`${origin}/runs?status=failed`)
})

test('a session that ends takes nothing from the open page: it says so, and goes on after a login beside it', {
  timeout,
}, async () => {
  const { app, agent, url, as } = await openWithUsers(openPage, { ann: 'admin' })
  const endSessions = async () => {
    const by = { id: 'cli', name: 'cli', role: 'admin', agents: null } as const
    for (const { id } of await app.orchestrator.access.sessions()) await app.orchestrator.access.endSession(id, by)
  }
  const page = await as('ann')
  const logInBeside = async () => {
    const beside = page.waitForEvent('popup')
    await page.getByRole('link', { name: 'Log in' }).click()
    await typeLogin(await beside, 'ann')
    await (await beside).waitForURL(`${url}/`)
    await (await beside).close()
  }
  await page.goto(`${url}/orchestrator`)
  await endSessions()
  await page.evaluate("htmx.trigger('[data-polls]', 'refresh')")
  await page.getByText('You are logged out.').waitFor()
  expect(await page.locator('#agents tr[data-state]').count()).toBe(1)

  // What is typed into a dialog is sent once more after the login.
  await typeRegistration(page, { url: agent.url, id: 'second', name: 'Second' })
  await page.getByRole('button', { name: 'Register', exact: true }).click()
  await page.getByRole('dialog').getByText('You are logged out.').waitFor()
  expect(await page.getByLabel('Agent name').inputValue()).toBe('Second')
  await logInBeside()
  await page.getByRole('button', { name: 'Register', exact: true }).click()
  await page.getByText('Registered Second.').waitFor()
  expect(await page.getByText('You are logged out.').isVisible()).toBe(false)

  await endSessions()
  await page.getByRole('button', { name: 'Execute Writer' }).click()
  const beside = page.waitForEvent('popup')
  await press(page.getByRole('dialog', { name: 'You are logged out' }).getByRole('link', { name: 'Log in' }))
  await typeLogin(await beside, 'ann')
  await (await beside).waitForURL(`${url}/`)
})

test('where anyone may look, the page of whose session has ended stays theirs until they say so', {
  timeout,
}, async () => {
  const env = { CONFIGURABLE_AGENTS_ANYONE_MAY_LOOK: 'yes', CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '3600' }
  const { url, as } = await openWithUsers(openPage, { ann: 'admin' }, { env })
  const page = await as('ann')
  await page.goto(`${url}/orchestrator`)
  await page.context().clearCookies()
  await page.evaluate("htmx.trigger('[data-polls]', 'refresh')")
  await page.getByText('You are logged out.').waitFor()
  expect(await page.getByRole('button', { name: 'Execute Writer' }).isVisible()).toBe(true)
  await page.reload()
  await page.locator('#agents tr[data-state]').waitFor()
  expect(await page.getByRole('button', { name: 'Execute Writer' }).count()).toBe(0)
  await page.evaluate("htmx.trigger('[data-polls]', 'refresh')")
  expect(await page.getByText('You are logged out.').isVisible()).toBe(false)
  await press(page.locator('.bar').getByText('Log in'))
  await typeLogin(page, 'ann')
  await page.getByRole('button', { name: 'Execute Writer' }).waitFor()
})

test('without JavaScript, a form that comes after the session is sent once more by a reload', { timeout }, async () => {
  const { app, url, as } = await openWithUsers(openPage, { ann: 'admin' })
  const page = await as('ann', { javaScriptEnabled: false })
  await page.goto(`${url}/settings/users/new`)
  await page.getByLabel('Name').fill('bob')
  await page.getByLabel('Password').fill('password of bob')
  await page.context().clearCookies()
  await page.getByRole('button', { name: 'Add user' }).click()
  await page.getByRole('heading', { name: 'You are logged out' }).waitFor()
  const beside = page.waitForEvent('popup')
  await page.getByRole('link', { name: 'Log in' }).click()
  await typeLogin(await beside, 'ann')
  await (await beside).waitForURL(`${url}/`)
  await page.reload()
  await page.getByRole('row', { name: 'bob' }).waitFor()
  expect((await app.orchestrator.access.users.all()).map(({ name }) => name)).toEqual(['ann', 'bob'])
})

test('while the database cannot be reached nobody is logged out, and a press looks again', { timeout }, async () => {
  let isLost = false
  const fault = { kind: 'unreachable', reason: 'It is gone.', reasonForAdmins: 'It is gone.' } as const
  const { url } = await openWithUsers(
    openPage,
    { ann: 'admin' },
    {
      logger: pino({ level: 'silent' }),
      async openStore(...given) {
        const store = await openGivenStore(...given)
        const { find } = store.access.sessions
        store.access.sessions.find = async (...asked) => {
          if (isLost) throw new StorageFaultError(fault, 'read')
          return find(...asked)
        }
        return store
      },
    },
  )
  const page = await openPage()
  await page.context().addCookies([{ name: sessionCookie, value: 'of-before', url }])
  isLost = true
  await page.goto(`${url}/runs`)
  await page.getByText('so nobody can log in').waitFor()
  isLost = false
  await press(page.getByText('Reload', { exact: true }))
  await page.getByRole('heading', { name: 'Log in' }).waitFor()
})
