import { expect, test } from 'vitest'
import { createWorld, diagnose, expectSound, healthy, lineOf, url, verdictsOf } from '../support/agents/doctor.ts'

test.each([
  ['localhost:8001', url],
  ['localhost:8001/health', url],
  ['//localhost:8001/docs', url],
  [':8001', url],
  ['8001', url],
  ['10.0.0.1:8001/agents/one/', 'http://10.0.0.1:8001/agents/one'],
  ['agents.example.com', 'http://agents.example.com'],
  ['[::1]:8001', 'http://[::1]:8001'],
  ['0.0.0.0:8001', url],
  ['http:/localhost:8001', url],
  ['http:localhost:8001', url],
  ['http//localhost:8001', url],
  ['https;//agents.example.com', 'https://agents.example.com'],
  ['http:8001', url],
  ['http://:8001/health', url],
  ['http://localhost:8001/?x=1', url],
  ['http://localhost:8001/docs#/default/run', url],
])('of %s it says what is missing, and suggests %s', async (typed, meant) => {
  const diagnosis = await diagnose({}, typed)
  expectSound(diagnosis)
  expect(verdictsOf(diagnosis)).toBe(`fail${' skipped'.repeat(7)}`)
  expect(diagnosis).toMatchObject({ url: typed, suggestedUrl: meant, canBeSavedAnyway: false, suggestion: undefined })
  expect(diagnosis.lines[0]!.next).toBe(`Try ${meant}.`)
})

test.each([
  undefined,
  null,
  7,
  ['http://localhost:8001'],
  '',
  '   ',
  'http://',
  'http://localhost:0',
  'http://localhost:65536',
  '99999',
  '0',
  'agent',
  'ftp://localhost',
  'javascript:alert(1)',
  'mailto:me@example.com',
  'file:///etc/passwd',
  'C:\\agents\\writer',
  'http://a b',
  'http://user:secret@localhost:8001',
  'http://\u202e\u0000',
])('%j is no address, and nothing is asked', async (typed) => {
  const { doctor, asked, deadlines } = createWorld()
  const diagnosis = await doctor.diagnose(typed)
  expectSound(diagnosis)
  expect(verdictsOf(diagnosis)).toBe(`fail${' skipped'.repeat(7)}`)
  expect(diagnosis).toMatchObject({ isOk: false, suggestedUrl: undefined, canBeSavedAnyway: false })
  expect([...asked, ...deadlines]).toEqual([])
})

test('a text far too long is no address, and is cut', async () => {
  const diagnosis = await diagnose({}, 'x'.repeat(10_000))
  expectSound(diagnosis)
  expect(diagnosis.url.length).toBeLessThanOrEqual(2048)
})

test.each([
  ['port 0', 'http://localhost:0', 'Port 0 does not exist: ports start at 1.'],
  ['port 65536', 'http://localhost:65536', 'Port 65536 does not exist: ports end at 65535.'],
])('%s gets a next step', async (_, typed, message) => {
  expect(lineOf(await diagnose({}, typed), 'address')).toMatchObject({
    message,
    next: 'Ports go from 1 to 65535; the agent printed its own when it started.',
  })
})

test.each([
  'http://user:secret@localhost:8001',
  'user:secret@localhost:8001',
  'https://secret@agents.example.com/',
  'http://:secret@localhost:8001/health',
  'http://user:sec/ret@localhost:8001',
  'http://user:sec#ret@localhost:8001',
  'http://user:s@cret@localhost:99999',
])('of credentials in %s it says that they are the fault, and repeats none', async (typed) => {
  const diagnosis = await diagnose({}, typed)
  expect(lineOf(diagnosis, 'address')).toMatchObject({
    message: 'A user name or password in the URL is not supported.',
    next: 'Leave them out, and enter them under “Credential and certificate”.',
  })
  expect(JSON.stringify(diagnosis)).not.toMatch(/secret|s@cret|sec[/#]ret|user:/)
})

test.each([
  ['http://localhost:80a', '"80a" is not a port: ports are numbers from 1 to 65535.'],
  ['http://localhost:-1', '"-1" is not a port: ports are numbers from 1 to 65535.'],
  ['http://[::1]:70000', 'Port 70000 does not exist: ports end at 65535.'],
])('of %s it says that the port is the fault', async (typed, message) => {
  const { next } = lineOf(await diagnose({}, typed), 'address')
  expect([lineOf(await diagnose({}, typed), 'address').message, next]).toEqual([
    message,
    'Ports go from 1 to 65535; the agent printed its own when it started.',
  ])
})

test.each(['http://a b:8001', 'http://[::1:8001', 'http://exa<mple:8001/'])(
  'a good port in %s is not called the fault',
  async (typed) => expect(lineOf(await diagnose({}, typed), 'address').next).not.toContain('Ports'),
)

test('of a zone it says why such an address is no use', async () => {
  expect(lineOf(await diagnose({}, 'http://[fe80::1%25eth0]:8001'), 'address').message).toContain('link-local')
})

test.each(['/health', '/health/', '/health/live', '/docs', '/redoc', '/openapi.json', '/run', '/schema', '/status/1'])(
  'a URL pasted with %s at its end is warned of, and the base URL is looked at too',
  async (ending) => {
    const diagnosis = await diagnose({}, url + ending)
    expectSound(diagnosis)
    expect(verdictsOf(diagnosis)).toBe('warn pass pass pass fail skipped skipped skipped')
    expect(diagnosis.suggestedUrl).toBe(url)
    expect(lineOf(diagnosis, 'address').next).toBe(`Try ${url}.`)
    expect(lineOf(diagnosis, 'health').next).toBe(`An agent answers at ${url}: try that.`)
  },
)

test('an agent that really stands behind such a path passes', async () => {
  const diagnosis = await diagnose({ at: { [`${url}/docs/health`]: healthy } }, `${url}/docs`)
  expectSound(diagnosis)
  expect(diagnosis.isOk).toBe(true)
})

const known = { id: 'writer', name: 'Article Writer', url, description: 'Writes' }

test.each([url, 'http://127.0.0.1:8001', 'http://[::1]:8001/'])(
  'an agent that is registered already is warned of at %s, and suggested as it is called',
  async (typed) => {
    const at = { [`${typed.replace(/\/$/, '')}/health`]: healthy }
    const diagnosis = await diagnose({ agents: [known], at }, typed, 'other')
    expectSound(diagnosis)
    expect(lineOf(diagnosis, 'address')).toMatchObject({
      verdict: 'warn',
      message: 'Already registered: Article Writer, with the ID "writer".',
      next: expect.stringContaining('adds a second entry'),
    })
    expect(diagnosis.suggestion).toEqual({ agentId: 'writer', agentName: 'Article Writer', description: 'Writes' })
  },
)

test('registering it again under its own id is no warning', async () => {
  const diagnosis = await diagnose({ agents: [known] }, url, ' writer ')
  expectSound(diagnosis)
  expect(lineOf(diagnosis, 'address')).toMatchObject({
    verdict: 'pass',
    message: expect.stringContaining('updates it'),
  })
})
