import { expect, test } from 'vitest'
import { slashRedirect } from '../../../src/agent/http/slash-redirect.ts'

const to = (method: string, url: string, status: number, location: string) =>
  slashRedirect({ method, url }, { status, headers: { location } })
const base = 'http://agent.example:8001'

test.each([
  ['/health', '/health/'],
  ['/health/', '/health'],
  ['/health', 'health/'],
  ['/agents/one/schema', `${base}/agents/one/schema/`],
  ['/health?a=1', '/health/?a=1'],
  ['/health', '//agent.example:8001/health/'],
  ['/health', 'HTTP://Agent.Example:8001/health/#top'],
])('from %s to %s adds or drops the slash alone', (from, location) => {
  const target = new URL(location, base + from)
  target.hash = ''
  for (const status of [301, 302, 303, 307, 308]) expect(to('GET', base + from, status, location)).toBe(target.href)
  for (const status of [301, 307, 308]) expect(to('POST', base + from, status, location)).toBe(target.href)
  for (const status of [302, 303]) expect(to('POST', base + from, status, location)).toBeUndefined()
})

test.each([
  'https://agent.example:8001/health/',
  'http://agent.example/health/',
  'http://agent.example:8002/health/',
  'http://other.example:8001/health/',
  'http://user:secret@agent.example:8001/health/',
  'javascript:/health/',
  '/health',
  '/health//',
  '/Health/',
  '/health/?a=1',
  '/',
  '',
  'http://',
])('to %j is another place', (location) => {
  expect(to('GET', `${base}/health`, 307, location)).toBeUndefined()
})

test.each([200, 201, 300, 304, 305, 404])('%i redirects nowhere', (status) => {
  expect(to('GET', `${base}/health`, status, '/health/')).toBeUndefined()
})
