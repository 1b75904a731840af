import { expect, test } from 'vitest'
import { isVisible } from '../../../src/shared/text/visible.ts'

test.each([
  '',
  ' \t',
  '\u202e',
  '\u200b\u200d',
  '\u00a0\u3000',
  '\u00ad',
  '\ufeff',
  '\u3164',
  '\u2800',
  '\ufe0f',
  '\u0007',
])('there is nothing to see in %j', (text) => expect(isVisible(text)).toBe(false))

test.each(['a', '\u202ea', '0', '.', '名', '👍', '\u200bé'])('there is something to see in %j', (text) =>
  expect(isVisible(text)).toBe(true),
)
