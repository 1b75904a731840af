import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { caseless, searchedText, tokens } from '../src/searched-text.ts'

const db = new Database(':memory:')
db.exec(`CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='unicode61 remove_diacritics 2');
  CREATE VIRTUAL TABLE found USING fts5vocab(texts, instance)`)
const insert = db.prepare('INSERT INTO texts (rowid, text) VALUES (?, ?)')
const all = db.prepare<[], { term: string; doc: number }>('SELECT term, doc FROM found ORDER BY doc, "offset"')
afterAll(() => db.close())

/** What FTS5 itself takes out of the texts. */
function fts5Tokens(texts: string[]): string[][] {
  db.exec('BEGIN; DELETE FROM texts')
  texts.forEach((text, at) => {
    insert.run(at, text)
  })
  const found: string[][] = texts.map(() => [])
  for (const { term, doc } of all.iterate()) found[doc]!.push(term)
  db.exec('ROLLBACK')
  return found
}

/** Text as it comes: words in any script, accents written both ways, emoji, halves of pairs, signs. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'abcXYZ019 \n.-_"\'/', 'é', 'e\u0301', 'İ', 'ß', 'Σ', 'ς', 'ﬁ', 'Ａ', '½', 'हि', '각', 'ᄀ', 'ᅡ'),
    fc.constantFrom('🤖', '✅', '\ufe0f', '\u200d', '\ud83e', '\udd16', '\u0000', '\ufeff', 'ค้', 'א\u05b0', 'ﷺ', 'ά'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 60,
})
const json = fc.json({ maxDepth: 4, stringUnit: 'grapheme' })

describe('words', () => {
  test.each([
    ['AI safety', 'ai safety'],
    ['don’t re-run it_now', 'don t re run it now'],
    ['0.75 1e-5 10:30', '0 75 1e 5 10 30'],
    ['Café CAFÉ cafe\u0301', 'cafe cafe cafe'],
    ['ΟΔΟΣ οδός', 'οδοσ οδοσ'],
    ['🤖done✅', 'done'],
    ['ﬁnance Ａ１ m²', 'finance a1 m2'],
    ['हिन्दी', 'हनद'],
    ['각 각'.normalize('NFD'), '각 각'],
    ['', ''],
    ['…—!', ''],
  ])('of %j are %j', (text, words) => expect(tokens(text).join(' ')).toBe(words))

  test('of any character are those that FTS5 finds in what is searched', () => {
    // Beyond, Unicode has no letters yet.
    const texts = Array.from({ length: 0x340 }, (_, row) => {
      const signs = Array.from({ length: 256 }, (_, at) => String.fromCodePoint(row * 256 + at))
      return searchedText(signs.map((sign) => `q${sign}q ${sign}x`).join('.'))
    })
    expect(texts.map(tokens)).toEqual(fts5Tokens(texts))
  })

  test('of any text are those that FTS5 finds in what is searched', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 20 }), (payloads) => {
        const texts = payloads.map(searchedText)
        expect(texts.map(tokens)).toEqual(fts5Tokens(texts))
      }),
    )
  })

  test('are their own words, and those of the text without case', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const words = tokens(text)
        expect(tokens(words.join(' '))).toEqual(words)
        expect(tokens(caseless(text))).toEqual(words)
        expect(tokens(text.toUpperCase().normalize('NFD')).length).toBeGreaterThanOrEqual(words.length ? 1 : 0)
      }),
    )
  })
})

describe('what is searched', () => {
  test.each([
    ['{"topic":"AI safety","depth":3}', 'AI safety\n3'],
    ['{ "a" : [ 1.0, 1e5, 12345678901234567890, -0.5 ] }', '1.0\n1e5\n12345678901234567890\n-0.5'],
    ['{"ok":true,"none":null,"x":NaN,"y":[-Infinity,false]}', 'true\nNaN\n-Infinity\nfalse'],
    ['{"a":{"b":[{"c":"deep"},"list"]}}', 'deep\nlist'],
    [String.raw`{"a\"b":"say \"hi\"\nand caf\u00e9"}`, 'say "hi"\nand cafe'],
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

  test('ends after 64 Ki, with no half of a pair', () => {
    const long = searchedText(`["${'word '.repeat(20_000)}","end"]`)
    expect(long).toHaveLength(64 * 1024)
    expect(searchedText(`x${'\u{20000}'.repeat(40_000)}`)).toHaveLength(64 * 1024 - 1)
    expect(searchedText('ﷺ'.repeat(40_000)).length).toBeLessThanOrEqual(64 * 1024)
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
