import { readdirSync } from 'node:fs'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { joinModules } from '../../../src/web/assets/join-modules.ts'
import { joinStyles } from '../../../src/web/assets/join-styles.ts'
import { buildTestApp, page } from '../../support/app.ts'

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

test('all style sheets are one file, and all modules are one', async () => {
  const app = await buildTestApp()
  for (const folder of ['css', 'js']) {
    const { payload } = await app.inject(app.assetPath(`${folder}/app.${folder}`))
    expect(payload).not.toMatch(/^\s*(@?import|export)\b/m)
    const separate = ['app.css', 'theme.js', 'zone.js', 'setup-link.js']
    const files = readdirSync(`public/${folder}`, { recursive: true, encoding: 'utf8' })
    for (const name of files.filter((one) => one.endsWith(`.${folder}`) && !separate.includes(one)))
      expect(payload, name).toMatch(new RegExp(`^(//|/\\*) ${name}`, 'm'))
  }
})

test('texts are compressed for whoever takes brotli or gzip', async () => {
  const app = await buildTestApp()
  for (const path of ['css/app.css', 'js/app.js', 'htmx/htmx.min.js', 'icons.svg']) {
    const get = (encodings: string) =>
      app.inject({ url: app.assetPath(path), headers: { 'accept-encoding': encodings } })
    const [plain, gzipped, brotli] = [await get('gzip;q=0'), await get('deflate, gzip'), await get('gzip, br')]
    expect(plain.headers).not.toHaveProperty('content-encoding')
    expect(gzipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    expect(gunzipSync(gzipped.rawPayload)).toEqual(plain.rawPayload)
    expect(brotli.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' })
    expect(brotliDecompressSync(brotli.rawPayload)).toEqual(plain.rawPayload)
    expect(brotli.headers['content-type']).toBe(plain.headers['content-type'])
  }
  const font = await app.inject({ url: app.assetPath('fonts/inter.woff2'), headers: { 'accept-encoding': 'br' } })
  expect(font.headers).toMatchObject({ 'content-type': 'font/woff2' })
  expect(font.headers).not.toHaveProperty('content-encoding')
  expect(font.rawPayload.subarray(0, 4).toString()).toBe('wOF2')
})

const join = (files: Record<string, string>) => joinModules('app.js', (name) => files[name]!)

test('joined modules run once each, dependencies first, and share nothing but what they export', () => {
  const code = join({
    'app.js': "import { add } from './sum.js'\nimport './b-c.js'\nconst own = 1\nadd(own)",
    'b-c.js': "import { add } from './sum.js'\nconst own = 20\nadd(own)",
    'sum.js': 'const own = 300\nglobalThis.sums = [own]\nexport function add(n) {\n  globalThis.sums.push(n)\n}',
  })
  const sums = new Function('globalThis', `${code}; return globalThis.sums`)({})
  expect(sums).toEqual([300, 20, 1])
})

test('a module that cannot be joined is refused', () => {
  for (const line of [
    "import all from './b.js'",
    "import * as all from './b.js'",
    "import { x as y } from 'elsewhere'",
    'export default 1',
    'export let changing = 1',
    "export * from './b.js'",
  ])
    expect(() => join({ 'app.js': line, 'b.js': '' }), line).toThrow('app.js imports or exports in a way')
  const circle = { 'app.js': "import './b.js'", 'b.js': "import './app.js'" }
  expect(() => join(circle)).toThrow('app.js imports itself')
})

test('a style sheet that cannot be joined is refused', () => {
  expect(joinStyles('@layer a;\n@import url("b.css") layer(a);', () => 'p {}\n')).toBe(
    '@layer a;\n/* b.css */\n@layer a {\np {}\n}',
  )
  expect(() => joinStyles('@import "b.css";', () => '')).toThrow('cannot be joined')
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
