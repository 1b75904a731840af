import { expect, test } from 'vitest'
import { buildTestApp, page } from '../../support/app.ts'

const pages = ['/', '/orchestrator', '/runs', '/agents', '/system', '/no-such-page']

test('every page warns while others can reach the dashboard, which has no login', async () => {
  const app = await buildTestApp({ host: '0.0.0.0' })
  for (const url of pages) {
    const warnings = (await page(app, url)).html.querySelectorAll('.banner.waiting')
    expect([url, ...warnings.map(({ text }) => text.replace(/\s+/g, ' ').trim())]).toEqual([
      url,
      'Anyone on the network can use this dashboard. It has no login. Start it with --host 127.0.0.1 and put a proxy with a login in front of it.',
    ])
  }
})

test('no page warns of it on this machine alone', async () => {
  const app = await buildTestApp()
  for (const url of pages) expect((await page(app, url)).html.querySelectorAll('.banner.waiting')).toEqual([])
})
