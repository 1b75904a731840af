import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { assetPath } from '../../../src/web/assets/assets.ts'
import { openDashboard } from '../../support/dashboard.ts'

/** A connection that a test writes to by hand, and all that came back by the time it is closed. */
function connectTo({ url }: { url: string }, written = ''): { socket: Socket; closed: Promise<string> } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  onTestFinished(() => {
    socket.destroy()
  })
  let received = ''
  socket.setEncoding('utf8').on('data', (text) => (received += text))
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)))
  socket.on('error', () => undefined).write(written)
  return { socket, closed }
}

const head = 'POST /orchestrator/register HTTP/1.1\r\nhost: localhost\r\n'
const quickly = { requestMs: 300, checkMs: 20 }

const stopped = {
  'before it sent anything': '',
  'in its first line': 'POST /orch',
  'in its headers': `${head}content-type: app`,
  'in its body': `${head}content-type: application/json\r\ncontent-length: 100\r\n\r\n{"agent_id":`,
  'between chunks': `${head}content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{"a"\r\n`,
}

test('a client that stops anywhere in its request is closed when its time is over', async () => {
  const dashboard = await openDashboard({ connections: quickly })
  const closed = Object.values(stopped).map((written) => connectTo(dashboard, written).closed)
  for (const received of await Promise.all(closed)) expect(received).toMatch(/^(HTTP\/1\.1 408 .*)?$/s)
})

test('a body that trickles in is not given more time with every byte', async () => {
  const dashboard = await openDashboard({ connections: quickly })
  const { socket, closed } = connectTo(
    dashboard,
    `${head}content-type: application/json\r\ncontent-length: 100000\r\n\r\n`,
  )
  const trickle = setInterval(() => socket.write(' '), 20)
  expect(await closed.finally(() => clearInterval(trickle))).toContain('408')
})

test('a client that does not read its answers is closed', async () => {
  const dashboard = await openDashboard({ connections: { silenceMs: 200 } })
  const { socket, closed } = connectTo(dashboard)
  socket.pause()
  socket.write(`GET ${assetPath('js/app.js')} HTTP/1.1\r\nhost: localhost\r\n\r\n`.repeat(400))
  // A socket that is not read learns of its end when it writes.
  const writing = setInterval(() => socket.write('GET / HTTP/1.1\r\n'), 20)
  await closed.finally(() => clearInterval(writing))
  expect((await fetch(`${dashboard.url}/healthz`)).status).toBe(200)
})

test('more connections than there may be are closed at once, and one that ends makes room', async () => {
  const dashboard = await openDashboard({ connections: { max: 2 } })
  const [first, second] = [connectTo(dashboard), connectTo(dashboard)]
  await Promise.all([once(first.socket, 'connect'), once(second.socket, 'connect')])
  expect(await connectTo(dashboard).closed).toBe('')
  const ask = 'GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'
  first.socket.write(ask)
  expect(await first.closed).toContain('"status":"healthy"')
  await expect.poll(() => connectTo(dashboard, ask).closed).toContain('"status":"healthy"')
})
