import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isIndexable, searchedText } from '../../../src/shared/search/text.ts'
import { tokens } from '../../../src/shared/search/words.ts'
import { anyText } from '../../support/history/search.ts'

const json = fc.json({ maxDepth: 4, stringUnit: 'grapheme' })

describe('what is searched', () => {
  test.each([
    ['{"topic":"AI safety","depth":3}', 'AI safety\n3'],
    ['{ "a" : [ 1.0, 1e5, 12345678901234567890, -0.5 ] }', '1.0\n1e5\n12345678901234567890\n-0.5'],
    ['{"ok":true,"none":null,"x":NaN,"y":[-Infinity,false]}', 'true\nNaN\n-Infinity\nfalse'],
    ['{"a":{"b":[{"c":"deep"},"list"]}}', 'deep\nlist'],
    [String.raw`{"a\"b":"say \"hi\"\nand caf\u00e9"}`, 'say "hi"\nand café'],
    ['"only"', 'only'],
    ['12.50', '12.50'],
    ['{}', ''],
    ['null', ''],
  ])('of %j are the values', (payload, text) => expect(searchedText(payload)).toBe(text))

  test.each([
    "{'topic': \"AI's\", 'x': None}",
    'None',
    'connection refused: [Errno 111]',
    '"quoted" and more',
    '[ERROR] no',
    '{a: 1}',
    '',
  ])('of what is no JSON is all of it: %s', (payload) => expect(searchedText(payload)).toBe(payload))

  test('of a repr of Python is all of it, with nothing that hangs on to a word', () => {
    expect(searchedText(String.raw`{'a': 'one\ntwo\\three', 'b': None}`)).toBe(
      String.raw`{'a': 'one two\three', 'b': None}`,
    )
  })

  test('of nothing is nothing', () => expect(searchedText(null)).toBe(''))

  test.each([
    ['{"topic":"AI safe', 'AI safe'],
    [String.raw`{"topic":"AI\nsafe\u00e`, 'AI\nsafe'],
    [String.raw`["a\\`, 'a\\'],
    ['{"topic":"AI","de', 'AI\nde'],
  ])('of JSON that breaks off is what is there: %j', (payload, text) => expect(searchedText(payload)).toBe(text))

  test('has every word of every value of any JSON, and nothing else', () => {
    const valuesOf = (value: unknown): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesOf) : [value ?? '']
    fc.assert(
      fc.property(json, fc.constantFrom(0, 2), (text, indent) => {
        const value = JSON.parse(text)
        // Objects are put in the order in which their names are written.
        const written = JSON.stringify(value, null, indent)
        expect(tokens(searchedText(written))).toEqual(valuesOf(value).flatMap((one) => tokens(String(one))))
      }),
    )
  })

  test('is the same for text that is searched already', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const searched = searchedText(`x ${text}`)
        expect(searchedText(searched)).toBe(searched)
      }),
    )
  })

  test('has no end', () => {
    expect(searchedText(`["${'word '.repeat(200_000)}","end"]`)).toMatch(/\nend$/)
    expect([isIndexable('x'.repeat(128 * 1024)), isIndexable('x'.repeat(128 * 1024 + 1)), isIndexable(null)]).toEqual([
      true,
      false,
      true,
    ])
  })

  test('of what is deep, huge or made to be slow is found all the same', () => {
    expect(searchedText(`${'['.repeat(10_000)}"deep"${']'.repeat(10_000)}`)).toBe('deep')
    expect(searchedText(`${'{"a":'.repeat(10_000)}"deep"`)).toBe('deep')
    expect(tokens(searchedText(JSON.stringify({ first: 'here', rest: 'a "b"\n'.repeat(1_000_000) })))[0]).toBe('here')
    expect(tokens(searchedText(JSON.stringify({ text: '\\"'.repeat(2_500_000) })))).toEqual([])
    expect(searchedText('['.repeat(5_000_000))).toBe('')
    expect(tokens(searchedText(`["a${'\u0301\u0323'.repeat(1_000_000)}`))).toEqual(['a'])
  })
})
