import { expect, test } from 'vitest'
import { startProvider } from '../../support/access/oidc-provider.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { startReverseProxy } from '../../support/network/reverse-proxy.ts'

const openPage = useBrowser()

test('a provider logs somebody in by the link on the login page, and out again', { timeout: 60_000 }, async () => {
  const proxy = await startReverseProxy('', 'leaves the path on')
  const olga = { sub: 'id-of-olga', preferred_username: 'olga', groups: ['ops'] }
  const { issuer } = await startProvider(olga, { redirectUri: `${proxy.origin}/login/sso/callback` })
  const env = {
    CONFIGURABLE_AGENTS_PUBLIC_URL: proxy.origin,
    CONFIGURABLE_AGENTS_OIDC_ISSUER: issuer,
    CONFIGURABLE_AGENTS_OIDC_CLIENT_ID: 'dashboard',
    CONFIGURABLE_AGENTS_OIDC_CLIENT_SECRET: 'secret of the dashboard',
    CONFIGURABLE_AGENTS_GROUP_ROLES: 'ops=operator',
  }
  const { url, app } = await openDashboard({ env })
  proxy.forwardTo(url)
  const page = await openPage()
  await page.goto(`${proxy.origin}/runs?status=failed`)
  await page.getByRole('link', { name: 'Log in with single sign-on' }).click()
  await page.waitForURL(`${proxy.origin}/runs?status=failed`)

  await page.getByTitle('olga, operator').click()
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByRole('heading', { name: 'Logged out' }).waitFor()
  expect(await app.orchestrator.access.sessions()).toEqual([])
  await page.getByRole('link', { name: 'Log in again' }).click()
  await page.getByRole('link', { name: 'Log in with single sign-on' }).waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 'Log out there too' }).click()
  await page.getByRole('button', { name: /^Yes/ }).click()
  await page.getByText('Sign-out Success').waitFor()
  await page.goto(`${proxy.origin}/login/sso/callback?error=access_denied`)
  await page.getByRole('link', { name: 'Log in again' }).click()
  await page.getByRole('link', { name: 'Log in with single sign-on' }).waitFor()
})
