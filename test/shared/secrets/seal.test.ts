import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseKey } from '../../../src/shared/secrets/key-text.ts'
import { ivBytes, keyBytes, seal, unseal } from '../../../src/shared/secrets/seal.ts'

const key = randomBytes(keyBytes)
const context = 'writer|sealed'
const sealed = (text: string) => seal(text, { key, iv: randomBytes(ivBytes), context })

test('any text is opened as it was sealed, and twice the same text looks different', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const [one, other] = [sealed(text), sealed(text)]
      expect(unseal(one, { key, context })).toBe(text)
      expect(one).not.toBe(other)
      expect(one).toMatch(/^v1:[\w+/]+=*$/)
    }),
  )
})

test('nothing is opened by another key, for another agent, or after any byte was changed', () => {
  const text = sealed('hunter2')
  expect(unseal(text, { key: randomBytes(keyBytes), context })).toBeUndefined()
  expect(unseal(text, { key, context: 'other|sealed' })).toBeUndefined()
  const bytes = Buffer.from(text.slice(3), 'base64')
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 1
    expect(unseal(`v1:${changed.toString('base64')}`, { key, context }), `byte ${at}`).toBeUndefined()
  }
  for (const other of ['', 'v1:', 'v2:AAAA', 'hunter2', `v1:${bytes.subarray(0, 20).toString('base64')}`]) {
    expect(unseal(other, { key, context }), other).toBeUndefined()
  }
})

test('a key is 32 bytes, in hexadecimal digits or in base64', () => {
  for (const text of [key.toString('hex'), `${key.toString('hex').toUpperCase()}\n`, key.toString('base64')]) {
    expect(Buffer.from(parseKey(text)!)).toEqual(key)
  }
  expect(Buffer.from(parseKey(key.toString('base64url'))!)).toEqual(key)
  for (const text of ['', 'password', key.toString('hex').slice(1), `${key.toString('hex')}0`, 'x'.repeat(64)]) {
    expect(parseKey(text), text).toBeUndefined()
  }
})
