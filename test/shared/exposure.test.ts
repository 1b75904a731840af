import { expect, test } from 'vitest'
import { isExposed } from '../../src/shared/exposure.ts'

test.each([
  '127.0.0.1',
  '127.0.0.2',
  '::1',
  '[::1]',
  '0:0:0:0:0:0:0:1',
  '::ffff:127.0.0.1',
  'localhost',
  'LocalHost',
  'a.localhost',
])('a server at %s is reached from this machine alone', (host) => expect(isExposed(host)).toBe(false))

test.each([
  '0.0.0.0',
  '::',
  '192.168.1.5',
  '10.0.0.1',
  '1.127.0.0',
  'fd00::1',
  '::1:1',
  '1::',
  '::ffff:10.0.0.1',
  'my-laptop',
  'localhost.example',
  '',
])('a server at %j may be reached from others', (host) => expect(isExposed(host)).toBe(true))
