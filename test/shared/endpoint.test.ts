import { describe, expect, test } from 'vitest'
import { hostAndPort, urlOfEndpoint } from '../../src/shared/endpoint.ts'

describe('host and port', () => {
  test.each([
    ['http://localhost:8001', 'localhost', 8001],
    ['http://agents.example', 'agents.example', 80],
    ['https://agents.example/writer', 'agents.example', 443],
    ['https://agents.example:8443', 'agents.example', 8443],
    ['http://[::1]:8001', '::1', 8001],
  ])('of %s', (address, host, port) => expect(hostAndPort(address)).toEqual({ host, port }))

  test.each([
    ['localhost', 8001, 'http://localhost:8001'],
    ['127.0.0.1', 80, 'http://127.0.0.1:80'],
    ['::1', 8001, 'http://[::1]:8001'],
    ['[::1]', 8001, 'http://[::1]:8001'],
  ])('%s and %i alone make an address', (host, port, address) => expect(urlOfEndpoint(host, port)).toBe(address))

  test.each(['http://localhost:8001', 'http://[2001:db8::1]:8001', 'http://agents.example:1'])(
    'of %s make that address again',
    (address) => {
      const { host, port } = hostAndPort(address)
      expect(urlOfEndpoint(host, port)).toBe(address)
    },
  )
})
