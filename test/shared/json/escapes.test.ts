import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readableJson, readableText } from '../../../src/shared/json/escapes.ts'

test.each([
  [String.raw`"\u4f60\u597d"`, '"你好"'],
  [String.raw`"\ud83d\ude00\u00E9"`, '"😀é"'],
  [String.raw`"say \"hi\" in C:\\dir\/x"`, '"say "hi" in C:\\dir/x"'],
  [String.raw`"a\nb\tc\r\nd\re"`, '"a\nb\tc\nd\ne"'],
  [String.raw`"\\u4f60 \\n"`, String.raw`"\u4f60 \n"`],
  [String.raw`"\u0000\u001b\b\u202e\u2028\ufeff\ud83d"`, String.raw`"\u0000\u001b\b\u202e\u2028\ufeff\ud83d"`],
  [String.raw`"\u003cb\u003e\u0022"`, '"<b>""'],
  [String.raw`"cut off \u4f`, String.raw`"cut off \u4f`],
  ['"plain"', '"plain"'],
])('the text of %s', (json, text) => expect(readableText(json)).toBe(text))

test('JSON for reading has letters in place of their escapes, and what JSON needs stays', () => {
  expect(readableJson(String.raw`{"\u4f60":"\u0022\u005c\n\"\u000a\/\ud83d\ude00"}`)).toBe(
    String.raw`{"你":"\u0022\u005c\n\"\u000a/😀"}`,
  )
})

test('whoever parses JSON for reading gets the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const asPython = JSON.stringify(value).replace(
        /[^\x00-\x7f]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
      expect(JSON.parse(readableJson(asPython))).toEqual(JSON.parse(asPython))
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(JSON.parse(readableJson(JSON.stringify(text)))).toBe(text)
    }),
  )
})

test('a long text of nothing but escapes is read', () => {
  expect(readableText(String.raw`\u4f60`.repeat(300_000))).toBe('你'.repeat(300_000))
})
