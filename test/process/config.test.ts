import { expect, test } from 'vitest'
import { publicAddressOf } from '../../src/config/public-url.ts'
import { ConfigError, loadConfig } from '../../src/config.ts'

const allowed = (list: string) => loadConfig({}, { CONFIGURABLE_AGENTS_ALLOWED_HOSTS: list }).allowedHosts

test('host names are kept as a browser sends them', () => {
  expect(allowed('agents.example.com, DASH.lan ,, bücher.example,10.0.0.5,[fd00::1],fd00:0::2,name.')).toEqual([
    'agents.example.com',
    'dash.lan',
    'xn--bcher-kva.example',
    '10.0.0.5',
    'fd00::1',
    'fd00::2',
    'name',
  ])
  expect(allowed('')).toEqual([])
})

test.each([
  'https://agents.example.com',
  'agents.example.com:8000',
  '[fd00::1]:8000',
  '*.example.com',
  '*',
  'agents.example.com/path',
  'user@agents.example.com',
  'two names',
  'good.example.com,http://bad.example.com',
])('"%s" cannot be an allowed host, and the message says what can', (list) => {
  expect(() => allowed(list)).toThrow(ConfigError)
  expect(() => allowed(list)).toThrow(
    /^CONFIGURABLE_AGENTS_ALLOWED_HOSTS: .* must hold host names alone, such as agents\.example\.com: not ".*", and no scheme, port, path or wildcard$/,
  )
})

const publicUrl = (url: string) => loadConfig({}, { CONFIGURABLE_AGENTS_PUBLIC_URL: url })

test.each([
  ['https://tools.example.com/agents/', { origin: 'https://tools.example.com', basePath: '/agents', isSecure: true }],
  [' http://Tools.lan:8080 ', { origin: 'http://tools.lan:8080', basePath: '', isSecure: false }],
  ['https://[fd00::1]/a/b-c', { origin: 'https://[fd00::1]', basePath: '/a/b-c', isSecure: true }],
  ['https://bücher.example:443/', { origin: 'https://xn--bcher-kva.example', basePath: '', isSecure: true }],
  ['', { origin: undefined, basePath: '', isSecure: false }],
])('the public URL "%s" has its parts', (url, parts) => {
  expect(publicAddressOf(publicUrl(url))).toEqual(parts)
})

test.each([
  'tools.example.com/agents',
  '/agents',
  'ftp://tools.example.com',
  'https://',
  'https://user:secret@tools.example.com',
  'https://tools.example.com/agents?x=1',
  'https://tools.example.com/agents#x',
  'https://tools.example.com/our agents',
  'https://tools.example.com/a;b',
  'https://tools.example.com/a//b',
  'https://tools.example.com/:id',
])('"%s" cannot be the public URL, and the message says what can', (url) => {
  expect(() => publicUrl(url)).toThrow(ConfigError)
  expect(() => publicUrl(url)).toThrow(
    /^CONFIGURABLE_AGENTS_PUBLIC_URL: .* must be the http or https URL that people open, such as https:/,
  )
})

test('the address of traces is that of a web page with the place for the ID', () => {
  const traces = (url: string) => loadConfig({}, { CONFIGURABLE_AGENTS_TRACE_URL: url }).traceUrl
  for (const url of ['https://jaeger.example.com/trace/{trace_id}', 'http://localhost:3000/?t={trace_id}#x', ''])
    expect(traces(url)).toBe(url)
  for (const url of [
    'https://example.com/trace',
    'javascript:alert("{trace_id}")',
    '/trace/{trace_id}',
    'a b {trace_id}',
  ])
    expect(() => traces(url)).toThrow(
      /^CONFIGURABLE_AGENTS_TRACE_URL: .* must be an http or https URL with \{trace_id\}/,
    )
})
