import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startRoundRobin } from '../../demo/round-robin.ts'

async function startEcho(name: string) {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    response.writeHead(201, { 'x-name': name }).end(`${request.method} ${request.url} ${request.headers.host} ${body}`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = () => {
    server.close()
    server.closeAllConnections()
  }
  onTestFinished(stop)
  return { port: (server.address() as AddressInfo).port, stop }
}

test('requests go to one dashboard after the other, and past one that is gone', async () => {
  const [first, second] = [await startEcho('first'), await startEcho('second')]
  const proxy = await startRoundRobin(0, [first.port, second.port])
  onTestFinished(proxy.close)
  const host = `127.0.0.1:${proxy.port}`
  const ask = async () => {
    const answer = await fetch(`http://${host}/runs?q=a%20b`, { method: 'POST', body: 'x' })
    return { name: answer.headers.get('x-name'), status: answer.status, text: await answer.text() }
  }
  const text = `POST /runs?q=a%20b ${host} x`
  expect(await ask()).toEqual({ name: 'first', status: 201, text })
  expect(await ask()).toEqual({ name: 'second', status: 201, text })
  expect((await ask()).name).toBe('first')
  first.stop()
  for (let times = 0; times < 3; times++) expect(await ask()).toEqual({ name: 'second', status: 201, text })
  second.stop()
  expect((await ask()).status).toBe(502)
})
