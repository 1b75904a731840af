import { expect, test } from 'vitest'
import { failureOf } from '../../../src/agent/http/failure.ts'

// What real servers cause is tested in exchange.test.ts; these are errors that no test can bring about.

const systemError = (code: string, syscall: string) => Object.assign(new Error(`${syscall} ${code}`), { code, syscall })

test.each([
  ['ETIMEDOUT', 'timeout', 'no connection in time'],
  ['EHOSTUNREACH', 'unreachable', 'no route to the host'],
  ['ENETUNREACH', 'unreachable', 'the network is unreachable'],
])('a connection that never stood is called what kept it from that: %s', (code, kind, reason) => {
  expect(failureOf(systemError(code, 'connect'), true)).toMatchObject({ kind, reason, isUnsent: true })
})

test.each(['ETIMEDOUT', 'EHOSTUNREACH', 'ECONNRESET', 'EPIPE'])('a connection that stood was closed: %s', (code) => {
  for (const syscall of ['read', 'write', 'connect']) {
    expect(failureOf(systemError(code, syscall), false)).toMatchObject({ kind: 'reset', isUnsent: false })
  }
})

test('the failure of several attempts at once is that of one of them', () => {
  const attempts = [systemError('ECONNREFUSED', 'connect'), systemError('ECONNREFUSED', 'connect')]
  expect(failureOf(new AggregateError(attempts), true)).toMatchObject({ kind: 'refused', isUnsent: true })
})

test.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
  'a certificate that is not accepted is named: %s',
  (code) => {
    const failure = failureOf(Object.assign(new Error('no'), { code }), true)
    expect(failure).toMatchObject({ kind: 'tls', isUnsent: true })
    expect(failure.reason).toContain(code.toLowerCase().replaceAll('_', ' '))
  },
)

test.each([
  [new TypeError('Failed to parse URL from http://'), 'Failed to parse URL from http://'],
  [new Error(''), 'the call failed'],
  ['no error at all', 'the call failed'],
])('what nobody knows is said in its own words: %#', (error, reason) => {
  expect(failureOf(error, false)).toMatchObject({ kind: 'protocol', reason, isUnsent: false })
})

test('a chain of causes without end is not followed', () => {
  const error = new Error('round and round')
  error.cause = error
  expect(failureOf(error, false)).toMatchObject({ kind: 'protocol', reason: 'round and round' })
})
