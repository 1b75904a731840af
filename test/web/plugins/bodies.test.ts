import type { AddressInfo } from 'node:net'
import { connect as connectSocket } from 'node:net'
import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { api, buildTestApp, expectProblem, register, type TestApp } from '../../support/app.ts'
import { storeOf } from '../../support/store/database.ts'

const url = '/orchestrator/register'

async function post(app: TestApp, payload: string | Buffer, type: string | undefined, path = url) {
  const headers = { accept: 'application/json', ...(type !== undefined && { 'content-type': type }) }
  const { statusCode, payload: text, headers: sent } = await app.inject({ method: 'POST', url: path, headers, payload })
  return { status: statusCode, type: String(sent['content-type']).split(';')[0]!, text, json: JSON.parse(text) }
}

test.each([
  ['{"agent_id": ', 'This is not valid JSON: it ends too early, at line 1, column 14.'],
  ["{'agent_id': 'x'}", `This is not valid JSON: unexpected "'" at line 1, column 2.`],
  ['{"agent_id": "x",\n "agent_name": NaN}', 'This is not valid JSON: unexpected "N" at line 2, column 16.'],
  ['not json', 'This is not valid JSON: unexpected "o" at line 1, column 2.'],
])('says where the body %s is not JSON', async (body, detail) => {
  const app = await buildTestApp()
  const answer = await api(app, 'POST', url, body)
  expectProblem(answer, 400)
  expect(answer.json.detail).toBe(detail)
})

test.each(['text/plain', 'text/plain;charset=UTF-8', 'multipart/form-data; boundary=x', 'application/xml', 'nonsense'])(
  'refuses a body of the type %s: any web page may send some of them here unasked',
  async (type) => {
    const agent = await startAgent()
    const app = await buildTestApp()
    const body = JSON.stringify({ agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url })
    const answer = await post(app, body, type)
    expectProblem(answer, 415)
    expect(answer.json.detail).toBe('Send the request as application/json or as a form.')
    expect(await storeOf(app).agents.all()).toEqual([])
  },
)

test('refuses a body of no type', async () => {
  const app = await buildTestApp()
  expectProblem(await post(app, '{}', undefined), 415)
})

test('refuses a body that is larger than any run can need, in words', async () => {
  const app = await buildTestApp()
  const answer = await post(app, `{"agent_id": "${'x'.repeat(8 * 1024 * 1024)}"}`, 'application/json')
  expectProblem(answer, 413)
  expect(answer.json.detail).toBe('The request is too large: at most 8 MiB can be sent.')
  expectProblem(await post(app, `a=${'x'.repeat(8 * 1024 * 1024)}`, 'application/x-www-form-urlencoded'), 413)
})

test('a form may hold as much text as JSON, however its characters are encoded', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const form = 'application/x-www-form-urlencoded'
  const path = '/orchestrator/writer/execute'
  const topic = '退款'.repeat(500_000)
  for (const payload of [
    new URLSearchParams({ 'v:/topic': topic }).toString(),
    `v:/topic=${'%61'.repeat(8 * 1024 * 1024 - 20)}`,
  ]) {
    const { status, json } = await post(app, payload, form, path)
    expect([status, json.run_id]).toEqual([200, expect.any(String)])
  }
  const sent = agent.requests.filter((one) => one.url === '/run').map(({ body }) => body.length)
  expect(sent[0]).toBe(JSON.stringify({ topic }).length)
  const over = await post(app, `v:/topic=${'%61'.repeat(8 * 1024 * 1024)}`, form, path)
  expectProblem(over, 413)
  expect(over.json.detail).toBe('The request is too large: at most 8 MiB can be sent.')
})

test('a form of nothing but spaces is read as soon as any other', async () => {
  const app = await buildTestApp()
  const { status } = await post(app, ' '.repeat(300_000), 'application/x-www-form-urlencoded')
  expect(status).toBe(422)
})

test('a name that a form repeats without end costs no more than others', async () => {
  const app = await buildTestApp()
  const { status } = await post(app, 'agent_id=a&'.repeat(49_000), 'application/x-www-form-urlencoded')
  expect(status).toBe(422)
})

test('takes an empty body for none', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  for (const payload of ['', ' \n'])
    expectProblem(await api(app, 'POST', url, payload), 422, ['agent_id', 'agent_name', 'agent_url'])
  const headers = { 'content-type': 'application/json', 'content-length': '0' }
  expect((await app.inject({ method: 'DELETE', url: '/orchestrator/writer', headers })).statusCode).toBe(200)
})

test.each([
  ['lists', `${'['.repeat(900)}${']'.repeat(900)}`],
  ['objects as metadata', `{"metadata": ${'{"a":'.repeat(900)}1${'}'.repeat(900)}}`],
  ['a name for the prototype of objects', '{"__proto__": {"agent_id": "x"}, "constructor": {"prototype": {}}}'],
  ['duplicate names', '{"agent_id": "a", "agent_id": 5}'],
])('answers 4xx in words to a body with %s', async (_, body) => {
  const app = await buildTestApp()
  const answer = await post(app, body, 'application/json')
  expect(answer.status).toBe(422)
  expect(answer.type).toBe('application/problem+json')
})

const latin1 = (text: string) => Buffer.from(text, 'latin1')
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
const inputs = '{"inputs": {"topic": "Café"}}'

test.each<[string, Buffer, string, number]>([
  ['JSON in ISO-8859-1, as PowerShell sends it', latin1(inputs), 'application/json', 400],
  ['JSON in UTF-16', utf16(inputs), 'application/json', 400],
  ['half a character of UTF-8', Buffer.from(inputs).subarray(0, 26), 'application/json', 400],
  ['JSON that declares another charset', latin1(inputs), 'application/json; charset=iso-8859-1', 415],
  ['the same with quotes', latin1(inputs), 'application/json; charset="windows-1252"', 415],
  ['a form in ISO-8859-1', latin1('v:topic=Café'), 'application/x-www-form-urlencoded', 400],
  ['a form encoded from ISO-8859-1', Buffer.from('v:topic=Caf%E9'), 'application/x-www-form-urlencoded', 400],
  ['a form that declares another charset', Buffer.from('a=b'), 'application/x-www-form-urlencoded;charset=gbk', 415],
])('refuses %s, and runs nothing', async (_, body, type, status) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const answer = await post(app, body, type, '/orchestrator/writer/execute')
  expectProblem(answer, status)
  expect(answer.json.detail).toContain('UTF-8')
  expect((await api(app, 'GET', '/runs')).json.total).toBe(0)
})

test.each([
  ['JSON without a content type, as curl sends it', inputs],
  ['a JSON list', ' [{"inputs": {}}]'],
  ['JSON in the quotes of a Windows shell', "'{inputs:{topic:x}}'"],
])('refuses %s as a form, and runs nothing', async (_, body) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  for (const path of ['/orchestrator/writer/execute', '/runs/bulk', url, '/agents/register']) {
    const answer = await post(app, body, 'application/x-www-form-urlencoded', path)
    expectProblem(answer, 415)
    expect(answer.json.detail).toContain('content-type: application/json')
  }
  expect((await api(app, 'GET', '/runs')).json.total).toBe(0)
})

test('takes text in every script, with or without a byte order mark, and percent signs that encode nothing', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const execute = '/orchestrator/writer/execute'
  for (const type of ['application/json', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"'])
    expect((await post(app, Buffer.from('\ufeff{"inputs": {"topic": "退款 100 %"}}'), type, execute)).status).toBe(200)
  await expect
    .poll(() => agent.requests.filter(({ url }) => url === '/run').map(({ body }) => body))
    .toEqual(Array(3).fill('{"topic": "退款 100 %"}'))
  const form = 'agent_id=id&agent_name=退款 100% %zz %C3%A9&agent_url='
  const answer = await app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
    payload: `${form}${encodeURIComponent(agent.url)}`,
  })
  expect(answer.statusCode).toBe(303)
  expect((await storeOf(app).agents.all()).map(({ name }) => name)).toContain('退款 100% %zz é')
})

test('takes inputs nested hundreds deep on to the agent as they are', async () => {
  const agent = await startAgent({ schema: (_, response) => response.end('{"inputs": {}}') })
  const app = await buildTestApp()
  await register(app, agent.url)
  const inputs = `{"deep": ${'['.repeat(900)}${']'.repeat(900)}}`
  const answer = await post(app, `{"inputs": ${inputs}}`, 'application/json', '/orchestrator/writer/execute')
  expect(answer.status).toBe(200)
  await expect.poll(() => agent.requests.find((one) => one.url === '/run')?.body).toBe(inputs)
})

test.each([
  ['/orchestrator/register', (value: string) => `{"agent_id":"a","metadata":${value}}`],
  ['/orchestrator/writer/execute', (value: string) => `{"inputs":{"topic":${value}}}`],
  ['/agents/register', (value: string) => value],
  ['/runs/bulk', (value: string) => `{"action":"delete","runs":${value},"confirm":true}`],
])('%s refuses more values, or deeper ones, than anyone needs', async (path, bodyWith) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  for (const [value, sentence] of [
    [`[${'{},'.repeat(600_000)}0]`, 'This JSON has more than 500,000 values and names. Send less at a time.'],
    [`[${'{"a":1},'.repeat(260_000)}0]`, 'This JSON has more than 500,000 values and names. Send less at a time.'],
    [`${'['.repeat(1001)}1${']'.repeat(1001)}`, 'This JSON is nested deeper than 1,000 levels. Send less at a time.'],
    ['{"a":'.repeat(500_000), 'This JSON is nested deeper than 1,000 levels. Send less at a time.'],
  ] as const) {
    const answer = await post(app, bodyWith(value), 'application/json', path)
    expectProblem(answer, 413)
    expect(answer.json.detail).toBe(sentence)
  }
  expect(agent.requests.map(({ url }) => url)).not.toContain('/run')
})

test.each(['/orchestrator/register', '/orchestrator/writer/execute', '/runs/bulk'])(
  '%s refuses a form of more fields than anyone fills in',
  async (path) => {
    const app = await buildTestApp()
    const answer = await post(app, 'f=1&'.repeat(50_000), 'application/x-www-form-urlencoded', path)
    expectProblem(answer, 413)
    expect(answer.json.detail).toBe('A form can have at most 50,000 fields. Send less at a time.')
  },
)

test.each(['/runs/bulk', '/orchestrator/writer/execute'])(
  '%s names no more than twenty of many unknown fields',
  async (path) => {
    const agent = await startAgent()
    const app = await buildTestApp()
    await register(app, agent.url)
    const names = Array.from({ length: 160_000 }, (_, index) => `"k${index}":1`)
    const answer = await post(app, `{${names.join(',')}}`, 'application/json', path)
    expect(answer.status).toBe(422)
    const unknown = answer.json.errors.filter(({ field }: { field: string }) => field.startsWith('k'))
    expect(unknown).toHaveLength(20)
  },
)

test('a form with thousands of fields is answered', async () => {
  const app = await buildTestApp()
  const names = Array.from({ length: 20_000 }, (_, index) => `f${index}`)
  const answer = await post(app, `${names.join('=x&')}=x`, 'application/x-www-form-urlencoded')
  expectProblem(answer, 422, names.slice(0, 20))
})

test.each(['/%', '/runs/%zz', '/orchestrator/%E0%A4%A/schema', '/runs/%ff/inputs'])(
  'answers 400 to the address %s, in words',
  async (path) => {
    const app = await buildTestApp()
    const answer = await api(app, 'GET', path)
    expectProblem(answer, 400)
    expect(answer.json.detail).toBe('The address is not valid.')
    const asPage = await app.inject({ url: path, headers: { accept: 'text/html' } })
    expect(asPage.statusCode).toBe(400)
    expect(asPage.headers['content-type']).toContain('text/html')
    expect(asPage.headers['content-security-policy']).toContain("default-src 'none'")
  },
)

test('answers an address of any length', async () => {
  const app = await buildTestApp()
  expectProblem(await api(app, 'GET', `/runs/${'x'.repeat(15_000)}`), 404)
  expectProblem(await api(app, 'GET', `/orchestrator/${'%F0%9F%96%8B'.repeat(1200)}/schema`), 404)
})

test.each(['PUT', 'PATCH', 'DELETE'] as const)('answers 404 to %s where there is nothing to change', async (method) => {
  const app = await buildTestApp()
  for (const path of ['/', '/runs', '/runs/x', '/orchestrator']) {
    const { statusCode, headers } = await app.inject({ method, url: path, headers: { accept: 'application/json' } })
    expect(statusCode, path).toBe(404)
    expect(headers['content-type']).toContain('application/problem+json')
  }
})

test('what is no HTTP at all is refused by the server, which goes on', async () => {
  const app = await buildTestApp()
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const answer = await new Promise<string>((resolve, reject) => {
    let text = ''
    const socket = connectSocket(port, '127.0.0.1', () => socket.write('HELLO\r\n\r\n'))
    socket
      .on('data', (bytes) => (text += bytes))
      .on('close', () => resolve(text))
      .on('error', reject)
  })
  expect(answer).toContain('400 Bad Request')
  expect((await api(app, 'GET', '/health')).status).toBe(200)
})
