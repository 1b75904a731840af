import { expect, test } from 'vitest'
import { buildTestApp, page } from '../../support/app.ts'

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

test('everything a page loads comes from here, and may be kept for ever', async () => {
  const app = await buildTestApp()
  const { html } = await page(app, '/orchestrator')
  const addresses = html
    .querySelectorAll('script, link[href], img')
    .map((one) => one.getAttribute('src') ?? one.getAttribute('href')!)
  expect(addresses.length).toBeGreaterThan(4)
  for (const address of addresses) {
    expect(address).toMatch(/^\/assets\/[0-9a-f]{10}\//)
    const { statusCode, headers } = await app.inject(address)
    expect(statusCode, address).toBe(200)
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
  }
})

test('modules and style sheets that name each other are there, under the same version', async () => {
  const app = await buildTestApp()
  const { html } = await page(app, '/')
  const waiting = html
    .querySelectorAll('script[type="module"], link[rel="stylesheet"]')
    .map((one) => one.getAttribute('src') ?? one.getAttribute('href')!)
  const seen = new Set<string>()
  for (let address = waiting.pop(); address; address = waiting.pop()) {
    if (seen.has(address)) continue
    seen.add(address)
    const { statusCode, payload } = await app.inject(address)
    expect(statusCode, address).toBe(200)
    const named = payload.matchAll(/(?:from|import|@import)\s*(?:url\()?\s*['"](\.[^'"]+|[\w-]+\.css)['"]/g)
    for (const [, relative] of named) waiting.push(new URL(relative!, `http://x${address}`).pathname)
  }
  expect(seen.size).toBeGreaterThan(10)
})

test('of what is not public nothing can be had', async () => {
  const app = await buildTestApp()
  const { html } = await page(app, '/')
  const version = html.querySelector('link[rel="stylesheet"]')!.getAttribute('href')!.split('/').slice(0, 3).join('/')
  const attempts = [
    '',
    '/',
    '/css',
    '/css/',
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/htmx/htmx.js',
    '/htmx/../package.json',
    '/nothing.js',
  ]
  for (const attempt of attempts) {
    const { statusCode, headers } = await app.inject(version + attempt)
    expect(statusCode, attempt).toBeOneOf([400, 403, 404])
    expect(headers['cache-control']).not.toContain('immutable')
  }
  expect((await app.inject('/assets/0000000000/css/app.css')).statusCode).toBe(404)
})

test('answers differ by what is asked for, and say so to caches', async () => {
  const app = await buildTestApp()
  for (const url of ['/', '/orchestrator', '/runs']) {
    expect((await app.inject(url)).headers.vary).toBe('accept, hx-request')
  }
})
