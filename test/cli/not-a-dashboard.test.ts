import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { cli } from '../support/cli.ts'
import { openDashboard } from '../support/dashboard.ts'

test('a dashboard that cannot be reached ends a command with 4', async () => {
  const { url, stop } = await openDashboard()
  await stop()
  for (const command of ['status', 'agents list']) {
    const { code, out, err } = await cli([...command.split(' '), '--url', url])
    expect({ code, out }).toEqual({ code: 4, out: '' })
    expect(err).toBe(
      `Cannot reach the dashboard at ${url}: connection refused. Start it with “configurable-agents ui”, or name another one with --url.\n`,
    )
  }
})

/** Something else that listens there. */
async function startOther(status: number, type: string) {
  let authorization: string | undefined
  const server = createServer(({ headers }, response) => {
    authorization = headers.authorization
    response.writeHead(status, { 'content-type': type }).end('<p>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { origin, host } = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return { origin, host, authorization: () => authorization }
}

test.each([
  [404, 'application/json', 'application/json (404)'],
  [200, 'text/html; charset=utf-8', 'a web page (200)'],
  [302, 'text/html', 'a web page (302)'],
])('what answers with %i and %s is no dashboard', async (status, type, answer) => {
  const { origin } = await startOther(status, type)
  expect(await cli(['agents', 'list', '--url', origin])).toEqual({
    code: 4,
    out: '',
    err: `${origin} is not a Configurable Agents dashboard: it answered with ${answer}. Name the dashboard with --url.\n`,
  })
})

test.each([502, 503, 504])('a proxy that answers %i says that the dashboard is not reachable', async (status) => {
  const { origin } = await startOther(status, 'text/html')
  const { code, err } = await cli(['agents', 'list', '--url', origin])
  expect({ code, err }).toEqual({
    code: 4,
    err: `Cannot reach the dashboard at ${origin}: a proxy before it answered ${status}. Start it with “configurable-agents ui”, or name another one with --url.\n`,
  })
})

test('a proxy that wants a login says how to give one', async () => {
  const { origin, host } = await startOther(401, 'text/html')
  const { code, err } = await cli(['agents', 'list', '--url', origin])
  expect({ code, err }).toEqual({
    code: 4,
    err: `${origin} wants a login (401). Write it into the URL: http://name:password@${host}\n`,
  })
})

test('a password in the URL is sent as it was written, also where it is not percent-encoded', async () => {
  const other = await startOther(401, 'text/html')
  for (const [written, sent] of [
    ['100%', '100%'],
    ['p%40ss', 'p@ss'],
  ] as const) {
    const { code } = await cli(['agents', 'list', '--url', `http://name:${written}@${other.host}`])
    expect([code, other.authorization()]).toEqual([4, `Basic ${btoa(`name:${sent}`)}`])
  }
})

test.each(['localhost:8000', 'ftp://localhost', ''])('the URL %j is refused', async (typed) => {
  expect(await cli(['status', '--url', typed])).toEqual({
    code: 2,
    out: '',
    err: `--url: “${typed}” is not a URL such as http://localhost:8000.\n`,
  })
})

test('the address of a page is refused, and the address of the dashboard is named', async () => {
  const { url } = await openDashboard()
  for (const page of [
    '/runs',
    '/runs/019ac3f2-1111-7222-8333-444455556666?tab=1',
    '/orchestrator',
    '/agents',
    '/nothing',
  ])
    for (const command of [['status'], ['agents', 'list', '--json'], ['runs', 'show', 'x']])
      expect(await cli([...command, '--url', url + page])).toEqual({
        code: 2,
        out: '',
        err: `There is no dashboard at ${url}${page.split('?')[0]}, only a page of one. Leave the page out: --url ${url}\n`,
      })
})
