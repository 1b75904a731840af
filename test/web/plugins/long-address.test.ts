import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { buildTestApp, register } from '../../support/app.ts'
import { listening, openWire } from '../../support/network/wire.ts'

const sentence = /^The address and headers of this request are longer than 64 KiB\. .+\.$/

test('a link that fills in a form may be long', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const url = `http://127.0.0.1:${await listening(app)}`
  const topic = 'a+b ü '.repeat(3000)
  const inputs = encodeURIComponent(JSON.stringify({ topic }))
  const page = await (await fetch(`${url}/orchestrator?execute=writer&inputs=${inputs}`)).text()
  const path = /hx-get="(\/orchestrator\/writer\/execute[^"]+)"/.exec(page)![1]!.replaceAll('&amp;', '&')
  const form = await (await fetch(url + path)).text()
  expect(form).toContain(topic)
})

test('one that is too long is answered in words, also while it is still being sent', async () => {
  const app = await buildTestApp()
  const url = `http://127.0.0.1:${await listening(app)}`
  for (const length of [64 * 1024, 1024 * 1024]) {
    const response = await fetch(`${url}/orchestrator?execute=writer&inputs=${'x'.repeat(length)}`)
    const text = await response.text()
    expect([response.status, response.headers.get('content-type')]).toEqual([431, 'text/html; charset=utf-8'])
    expect(/<p>(.*)<\/p>/.exec(text)![1]).toMatch(sentence)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  }
})

test('a program whose headers are too long gets problem details', async () => {
  const app = await buildTestApp()
  const wire = await openWire(await listening(app))
  const answer = await wire.say(
    `GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ${'x'.repeat(64_500)}`,
    `${'x'.repeat(3000)}\r\naccept: application/json\r\n\r\n`,
  )
  expect(answer.statusLine).toBe('HTTP/1.1 431 Request Header Fields Too Large')
  expect(JSON.parse(answer.body)).toEqual({
    type: 'urn:configurable-agents:problem:headers-too-large',
    title: 'Request Header Fields Too Large',
    status: 431,
    detail: expect.stringMatching(sentence),
  })
})

test('what is no HTTP is told so', async () => {
  const app = await buildTestApp()
  const wire = await openWire(await listening(app))
  const answer = await wire.say('HELLO\r\n\r\n')
  expect(answer.statusLine).toBe('HTTP/1.1 400 Bad Request')
  expect(answer.body).toContain('<p>The request is not valid HTTP.</p>')
})

test('in an address a plus means a space, and %2B a plus', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const { payload } = await app.inject({
    url: '/orchestrator/writer/execute?inputs={"topic":"a+b%2Bc%20d"}',
    headers: { accept: 'text/html' },
  })
  expect(payload).toContain('a b+c d</textarea>')
})
