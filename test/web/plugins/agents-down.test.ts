import { http } from 'msw'
import { setupServer } from 'msw/node'
import { expect, onTestFinished, test } from 'vitest'
import { announce } from '../../support/agents/announced.ts'
import { type Answer, buildTestApp, page, partial } from '../../support/app.ts'
import { createTestClock } from '../../support/clock.ts'
import { fetchTransport } from '../../support/network/fetch-transport.ts'

const marks = ({ html, headers }: Answer) => ({
  title: html.querySelector('title')!.text,
  icon: html.querySelector('link[rel="icon"]')!.getAttribute('href')!.split('/').at(-1),
  count: html.querySelector('#agents-down:not([hidden])')?.text,
  header: headers['x-agents-down'],
})

test('title, icon and bar say how many agents are down, and so does the header of each answer', async () => {
  const clock = createTestClock()
  const agents = setupServer(http.get('http://localhost:*/health', () => Response.json({ status: 'healthy' })))
  agents.listen({ onUnhandledFrame: 'error' })
  onTestFinished(() => agents.close())
  const app = await buildTestApp({}, { clock, transport: fetchTransport })
  app.orchestrator.start()
  await announce(app)
  await announce(app, { agent_id: 'reader', port: 8002, ttl_seconds: 600 })
  expect(marks(await page(app, '/runs'))).toEqual({
    title: 'Runs · Configurable Agents',
    icon: 'icon.svg',
    count: undefined,
    header: '0',
  })
  await clock.advance(61_000)
  const down = { title: '(1) Runs · Configurable Agents', icon: 'icon-down.svg', count: '1 down', header: '1' }
  expect(marks(await page(app, '/runs'))).toEqual(down)
  expect((await partial(app, '/orchestrator/health-check')).headers['x-agents-down']).toBe('1')
  const { headers } = await app.inject('/assets/0000000000/nothing')
  expect(headers).not.toHaveProperty('x-agents-down')
})
