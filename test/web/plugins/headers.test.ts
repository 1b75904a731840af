import { expect, test } from 'vitest'
import { buildTestApp } from '../../support/app.ts'

const pages = [
  '/',
  '/orchestrator',
  '/runs',
  '/health',
  '/nothing',
  '/orchestrator/health-check',
  '/orchestrator/register',
]

test.each(pages)('what is answered at %s may run nothing but our own files', async (url) => {
  const app = await buildTestApp()
  const { headers } = await app.inject({ url, headers: { accept: 'text/html' } })
  const policy = Object.fromEntries(
    String(headers['content-security-policy'])
      .split(';')
      .map((directive) => directive.trim().split(' '))
      .map(([name, ...sources]) => [name, sources]),
  )
  expect(policy).toEqual({
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'", 'data:'],
    'connect-src': ["'self'"],
    'font-src': ["'self'"],
    'form-action': ["'self'"],
    'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
  })
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['x-frame-options']).toBeDefined()
  expect(headers['strict-transport-security']).toBeUndefined()
  expect(headers['x-powered-by']).toBeUndefined()
})

const polled = '/orchestrator/health-check'

test.each(pages.filter((url) => url !== polled))('what is answered at %s is kept by nobody', async (url) => {
  const app = await buildTestApp()
  expect((await app.inject({ url, headers: { accept: 'text/html' } })).headers['cache-control']).toBe('no-store')
})

test('what is polled is kept by nobody but the browser, which asks each time whether it still holds', async () => {
  const app = await buildTestApp()
  for (const url of [polled, '/']) {
    const { headers } = await app.inject({ url, headers: { accept: 'text/html', 'hx-request': 'true' } })
    expect(headers['cache-control']).toBe('private, no-cache')
    expect(headers.etag).toMatch(/^W\/"[\w.-]+"$/)
  }
})

test('what is refused carries the same headers', async () => {
  const app = await buildTestApp()
  const refused = await app.inject({ url: '/', headers: { host: 'evil.example.com' } })
  expect(refused.headers['content-security-policy']).toContain("default-src 'none'")
  expect(refused.headers['cache-control']).toBe('no-store')
})

test('answers differ by what is asked for, and say so to caches', async () => {
  const app = await buildTestApp()
  for (const url of ['/', '/orchestrator', '/runs']) {
    expect((await app.inject(url)).headers.vary).toBe('accept, hx-request, cookie')
  }
})
