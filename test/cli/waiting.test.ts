import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/shared/time/clock.ts'
import { json, silence, startAgent } from '../support/agents/agent.ts'
import { cli } from '../support/cli.ts'
import { openDashboard } from '../support/dashboard.ts'

/** Pauses last no time. */
const clock = { ...systemClock, after: (_ms: number, run: () => void) => systemClock.after(0, run) }

async function withAgent(handlers: Parameters<typeof startAgent>[0] = {}) {
  const { url } = await openDashboard()
  const agent = await startAgent(handlers)
  await cli(['agents', 'register', agent.url, '--id', 'writer', '--name', 'Writer', '--url', url])
  const sent = () => agent.requests.filter(({ method }) => method === 'POST').length
  return { url, agent, sent }
}

/** A dashboard behind a line that loses the answers to requests that `isLost` names, or a proxy that answers by itself. */
async function overBadLine(
  url: string,
  isLost: (request: IncomingMessage) => boolean,
  lose: (outgoing: ServerResponse) => void = (outgoing) => outgoing.destroy(),
): Promise<string> {
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method, headers } = incoming
    const forwarded = request(new URL(incoming.url!, url), { method: method!, headers }, (answer) => {
      if (isLost(incoming)) return answer.on('end', () => lose(outgoing)).resume()
      answer.pipe(outgoing.writeHead(answer.statusCode!, answer.headers))
    })
    incoming.pipe(forwarded)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a request whose answer is lost is sent again, and begins one run', async () => {
  const { url, sent } = await withAgent()
  let lost = 0
  const line = await overBadLine(url, ({ method }) => method === 'POST' && lost++ < 2)
  const { code, out, err } = await cli(['run', 'writer', '--topic', 'a', '--wait', '--url', line], { clock })
  expect({ code, out, sent: sent(), lost }).toEqual({ code: 0, out: 'An article\n', sent: 1, lost: 3 })
  expect(err).toMatch(
    /^The answer was lost \(the connection was closed\)\. Asking again; this begins no second run\.\ncompleted /,
  )
})

test('where no answer comes at all, the key is named that begins no second run', async () => {
  const { url, sent } = await withAgent()
  const line = await overBadLine(url, ({ method }) => method === 'POST')
  const { code, out, err } = await cli(['run', 'writer', '--topic', 'a', '--url', line], {
    clock,
    newKey: () => 'key-1',
  })
  expect({ code, out }).toEqual({ code: 4, out: '' })
  expect(err).toContain('The run may have begun. To send it again without a second run, add --idempotency-key key-1\n')
  const again = await cli(['run', 'writer', '--topic', 'a', '--wait', '--idempotency-key', 'key-1', '--url', url])
  expect({ code: again.code, sent: sent() }).toEqual({ code: 0, sent: 1 })
})

test('a connection that is lost while following is made again', async () => {
  const { url } = await withAgent()
  let lost = 0
  const line = await overBadLine(url, (incoming) => incoming.url!.startsWith('/runs/') && lost++ < 3)
  const { code, out, err } = await cli(['run', 'writer', '--topic', 'a', '--follow', '--url', line], { clock })
  expect({ code, out }).toEqual({ code: 0, out: 'An article\n' })
  expect(err).toMatch(/^connection lost, retrying · \d+s\ncompleted in /)
})

const badGateway = (outgoing: ServerResponse) =>
  void outgoing.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')

test('a proxy that answers for a dashboard that starts again is a lost connection', async () => {
  const { url, sent } = await withAgent()
  const lost: Record<string, number> = {}
  const isLost = ({ method }: IncomingMessage) => {
    lost[method!] = (lost[method!] ?? 0) + 1
    return lost[method!]! < 3
  }
  const line = await overBadLine(url, (incoming) => !incoming.url!.endsWith('/schema') && isLost(incoming), badGateway)
  const { code, out, err } = await cli(['run', 'writer', '--topic', 'a', '--wait', '--url', line], { clock })
  expect({ code, out, sent: sent() }).toEqual({ code: 0, out: 'An article\n', sent: 1 })
  expect(err).toMatch(/^The answer was lost \(a proxy before it answered 502\)\. .+\nconnection lost, retrying/)

  const down = await overBadLine(url, ({ method }) => method === 'POST', badGateway)
  const unanswered = await cli(['run', 'writer', '--topic', 'a', '--url', down], { clock, newKey: () => 'key-1' })
  expect(unanswered).toMatchObject({ code: 4, err: expect.stringContaining('add --idempotency-key key-1\n') })
})

test('where something else answers while a run is waited for, it says that the run may continue', async () => {
  const { url } = await withAgent()
  const portal = (outgoing: ServerResponse) => void outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<p>')
  const line = await overBadLine(url, (incoming) => incoming.url!.startsWith('/runs/'), portal)
  const { code, err } = await cli(['run', 'writer', '--topic', 'a', '--wait', '--url', line], { clock })
  expect(code).toBe(4)
  expect(err).toContain('it answered with a web page (200)')
  expect(err).toContain('The run may continue. To see it: configurable-agents runs show ')
})

test('--follow says each status, and ends with 3 when the run is cancelled', async () => {
  const { url } = await withAgent({ run: silence })
  const following = cli(['run', 'writer', '--topic', 'a', '--follow', '--url', url])
  const runId = async () => JSON.parse((await cli(['runs', 'list', '--json', '--url', url])).out).runs[0]?.run_id
  await expect.poll(runId).toBeDefined()
  await cli(['runs', 'cancel', await runId(), '--url', url])
  const { code, out, err } = await following
  expect({ code, out }).toEqual({ code: 3, out: '' })
  expect(err).toMatch(/^cancelled in .+ · [\da-f-]{36}$/m)
})

test('Ctrl+C while following leaves the run alone, and says how to stop waiting for it', async () => {
  const { url } = await withAgent({ run: silence })
  const stop = new AbortController()
  const after = (_ms: number, run: () => void) =>
    systemClock.after(0, () => {
      stop.abort()
      run()
    })
  const { code, out, err } = await cli(['run', 'writer', '--topic', 'a', '--follow', '--url', url], {
    columns: 80,
    clock: { ...systemClock, after },
    interruption: stop.signal,
  })
  expect({ code, out }).toEqual({ code: 130, out: '' })
  expect(err).toContain('running')
  const [, cancel] =
    /The run continues\. To see it: .+\nTo stop waiting for it: configurable-agents (runs cancel .+)\n$/.exec(err)!
  expect(await cli(cancel!.split(' '))).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^The run is cancelled\./),
  })
})

test('a run is run again with the same inputs, once for each key', async () => {
  const { url, agent, sent } = await withAgent()
  const { out } = await cli(['run', 'writer', '--topic', 'a', '--url', url])
  const rerun = () => cli(['runs', 'rerun', out.trim(), '--wait', '--idempotency-key', 'k', '--url', url])
  await cli(['runs', 'show', out.trim(), '--url', url])
  await expect.poll(async () => (await cli(['runs', 'show', out.trim(), '--url', url])).out).toContain('completed')
  expect(await rerun()).toMatchObject({ code: 0, out: 'An article\n' })
  expect(await rerun()).toMatchObject({ code: 0, out: 'An article\n' })
  expect(sent()).toBe(2)
  expect(agent.requests.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual(
    Array(2).fill('{"topic":"a"}'),
  )
})

test('what an agent refuses is said for each field', async () => {
  const detail = [{ type: 'x', loc: ['body', 'topic'], msg: 'Too \u001b[31mshort' }]
  const { url } = await withAgent({ run: json({ detail }, 422) })
  const { code, err } = await cli(['run', 'writer', '--topic', 'a', '--wait', '--url', url])
  expect(code).toBe(1)
  expect(err).toMatch(/^topic: Too ␛\[31mshort$/m)
})
