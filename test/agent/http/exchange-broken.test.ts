import { expect, test } from 'vitest'
import { exchange } from '../../../src/agent/http/exchange.ts'
import { startRawServer } from '../../support/network/raw-server.ts'
import { targetAt, transport } from '../../support/network/transport.ts'

// Servers that break off or were never HTTP. Whether the request had an effect is unknown each time: isUnsent is false.

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'

function run(url: string) {
  return exchange(transport, {
    method: 'POST',
    target: targetAt(url),
    body: '{}',
    deadlineMs: 10_000,
    maxBytes: 100_000,
  })
}

test('a connection that is closed without an answer', async () => {
  const server = await startRawServer((socket) => socket.end())
  await expect(run(server.url)).rejects.toMatchObject({
    kind: 'reset',
    reason: 'connection closed without a response',
    isUnsent: false,
  })
})

test('a connection that is reset without an answer, and not tried again', async () => {
  let calls = 0
  const server = await startRawServer((socket) => {
    calls++
    socket.resetAndDestroy()
  })
  await expect(run(server.url)).rejects.toMatchObject({ kind: 'reset', isUnsent: false })
  expect(calls).toBe(1)
})

test('a connection that is reset in the middle of the answer', async () => {
  const server = await startRawServer((socket) => {
    socket.write(`${head}content-length: 100\r\n\r\n{"status":`, () => socket.resetAndDestroy())
  })
  await expect(run(server.url)).rejects.toMatchObject({
    kind: 'reset',
    reason: 'the connection was closed in the middle of its answer',
    isUnsent: false,
  })
})

test('an answer shorter than it said', async () => {
  const server = await startRawServer((socket) => socket.end(`${head}content-length: 100\r\n\r\n{"status":`))
  await expect(run(server.url)).rejects.toMatchObject({
    kind: 'reset',
    reason: 'the connection was closed in the middle of its answer',
  })
})

test('an answer in chunks without the last one', async () => {
  const server = await startRawServer((socket) => {
    socket.end(`${head}transfer-encoding: chunked\r\n\r\na\r\n{"status":\r\n`)
  })
  await expect(run(server.url)).rejects.toMatchObject({
    kind: 'reset',
    reason: 'the connection was closed in the middle of its answer',
  })
})

test.each([
  ['SSH', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['a text without end', 'x'.repeat(100)],
  ['an answer with a broken status', 'HTTP/1.1 abc OK\r\n\r\n'],
])('something that is not HTTP: %s', async (_what, bytes) => {
  const server = await startRawServer((socket) => socket.end(bytes))
  await expect(run(server.url)).rejects.toMatchObject({
    kind: 'protocol',
    reason: 'it does not speak HTTP',
    isUnsent: false,
  })
})

test.each([
  ['two equal lengths', 'content-length: 2\r\ncontent-length: 2\r\n\r\n{}'],
  ['two different lengths', 'content-length: 2\r\nContent-Length: 20\r\n\r\n{}'],
  ['a length and chunks', 'content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
])('an answer whose headers give %s was an answer', async (_what, bytes) => {
  const server = await startRawServer((socket) => socket.end(head + bytes))
  await expect(run(server.url)).rejects.toMatchObject({
    kind: 'protocol',
    reason: 'its headers contradict each other about the length of its answer',
    isUnsent: false,
  })
})

test('a chunk whose length is none', async () => {
  const server = await startRawServer((socket) => socket.end(`${head}transfer-encoding: chunked\r\n\r\nxyz\r\n{}\r\n`))
  await expect(run(server.url)).rejects.toMatchObject({ kind: 'protocol', isUnsent: false })
})

test('headers without end', async () => {
  const server = await startRawServer((socket) => socket.write(`${head}x-long: ${'x'.repeat(1_000_000)}`))
  await expect(run(server.url)).rejects.toMatchObject({
    kind: 'protocol',
    reason: 'the headers of the answer are too large',
    isUnsent: false,
  })
})

test.each([
  ['100 Continue', 'interim', 'it sent an unrequested 100 Continue, so its answer could not be read'],
  [
    '101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade',
    'interim',
    'it sent an unrequested 101 Switching Protocols',
  ],
])('an interim answer that ends the connection: %s', async (line, kind, reason) => {
  const server = await startRawServer((socket) =>
    socket.end(`HTTP/1.1 ${line}\r\n\r\n${head}content-length: 2\r\n\r\n{}`),
  )
  await expect(run(server.url)).rejects.toMatchObject({ kind, reason, isUnsent: false })
})

test.each(['102 Processing', '103 Early Hints\r\nlink: </style.css>'])(
  'the interim answer %s is skipped',
  async (line) => {
    const server = await startRawServer((socket) =>
      socket.end(`HTTP/1.1 ${line}\r\n\r\n${head}content-length: 2\r\n\r\n{}`),
    )
    expect(await run(server.url)).toMatchObject({ status: 200, text: '{}' })
  },
)
