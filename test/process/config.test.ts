import { expect, test } from 'vitest'
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
