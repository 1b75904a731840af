import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { caseless, indexedTerms, inSpaces, isInRow, tokens, wantedTerms } from '../../../src/shared/search/words.ts'
import { anyText } from '../../support/history/search.ts'

const db = new Database(':memory:')
db.exec(`CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'ascii');
  CREATE VIRTUAL TABLE found USING fts5vocab(texts, instance)`)
const insert = db.prepare('INSERT INTO texts (rowid, text) VALUES (?, ?)')
const all = db.prepare<[], { term: string; doc: number }>('SELECT term, doc FROM found ORDER BY doc, "offset"')
afterAll(() => db.close())

/** What FTS5 takes out of the terms of texts that are given to it with a space between. */
function fts5Terms(texts: string[][]): string[][] {
  db.exec('BEGIN; DELETE FROM texts')
  texts.forEach((terms, at) => {
    insert.run(at, terms.join(' '))
  })
  const found: string[][] = texts.map(() => [])
  for (const { term, doc } of all.iterate()) found[doc]!.push(term)
  db.exec('ROLLBACK')
  return found
}

test.each([
  ['AI safety', 'ai safety'],
  ['don’t re-run it_now', 'don t re run it now'],
  ['0.75 1e-5 10:30', '0 75 1e 5 10 30'],
  ['Café CAFÉ cafe\u0301', 'cafe cafe cafe'],
  ['ΟΔΟΣ οδός', 'οδοσ οδοσ'],
  ['Straße STRASSE ẞ', 'strasse strasse ss'],
  ['Łódź Øresund Ærø ışık İSTANBUL', 'lodz oresund aero isik istanbul'],
  ['ﬁnance Ａ１ m²', 'finance a1 m2'],
  ['हिन्दी', 'हिन्दी'],
  ['soft\u00adhyphen می\u200cخواهم', 'softhyphen میخواهم'],
  ['각 각'.normalize('NFD'), '각 각'],
  ['ｶﾞｯﾂ が か', 'ガッツ が か'],
  ['客户要求退款，iPhone手机 第3章', '客户要求退款 iphone 手机 第 3 章'],
  ['🤖done✅ 👩‍💻 👍🏽', '🤖 done ✅ 👩💻 👍'],
  ['', ''],
  ['…—!', ''],
])('the words of %j are %j', (text, words) => expect(tokens(text).join(' ')).toBe(words))

test('an index has words, and of what is written without spaces its pairs', () => {
  expect([...indexedTerms(tokens('要求退款 退款 ok ok'))]).toEqual(['要求', '求退', '退款', '款', 'ok'])
  expect(wantedTerms(tokens('退款'))).toEqual([{ text: '退款', isBegun: false }])
  expect(wantedTerms(tokens('退'))).toEqual([{ text: '退', isBegun: true }])
  expect(wantedTerms(tokens('the refund'), true)).toEqual([
    { text: 'the', isBegun: false },
    { text: 'refund', isBegun: true },
  ])
})

test('FTS5 takes the terms of any character as they are', () => {
  const texts = Array.from({ length: 0x340 }, (_, row) => {
    const signs = Array.from({ length: 256 }, (_, at) => String.fromCodePoint(row * 256 + at))
    return [
      ...indexedTerms(
        tokens(
          signs
            .map((sign) => `q${sign}q ${sign}x`)
            .join('.')
            .toWellFormed(),
        ),
      ),
    ]
  })
  expect(fts5Terms(texts)).toEqual(texts)
})

test('a word of millions of signs is one word, and those of a long text are those of its parts', () => {
  const long = 3_000_000
  for (const sign of ['文', 'ж']) {
    const [word, ...others] = tokens(`${sign.repeat(long)} é 退`)
    expect([word!.length, ...others]).toEqual([long, 'e', '退'])
  }
  const part = 'abc退款é x \u{1f916}done 手ab'
  const words = Array.from({ length: 20_000 }, () => tokens(part)).flat()
  expect(tokens(Array(20_000).fill(part).join('. '))).toEqual(words)
})

describe('of any text', () => {
  test('the words are their own words, and those of the text without case', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const words = tokens(text)
        expect(tokens(words.join(' '))).toEqual(words)
        expect(tokens(caseless(text))).toEqual(words)
        // Capitals write the iota below a Greek vowel beside it.
        if (!text.normalize('NFD').includes('\u0345')) expect(tokens(text.toUpperCase())).toEqual(words)
        expect(words.join('')).not.toMatch(/[\s"*]/)
      }),
      { numRuns: 1000 },
    )
  })

  test('an index has the terms of every part of it that can be looked for', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), fc.nat(20), fc.boolean(), (text, from, length, isBegun) => {
        const words = tokens(text)
        const part = tokens(
          Array.from(words.join(' '))
            .slice(from % (words.join(' ').length + 1))
            .slice(0, length)
            .join(''),
        )
        if (!isInRow(inSpaces(words), part, isBegun)) return
        const terms = [...indexedTerms(words)]
        for (const wanted of wantedTerms(part, isBegun)) {
          expect(terms.some((term) => (wanted.isBegun ? term.startsWith(wanted.text) : term === wanted.text))).toBe(
            true,
          )
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('what one term is enough to find stands in it', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.boolean(), (text, looked, isBegun) => {
        const words = tokens(looked).slice(0, 1)
        const [wanted, ...others] = wantedTerms(words, isBegun)
        if (!wanted || others.length > 0) return
        const isInIndex = [...indexedTerms(tokens(text))].some((term) =>
          wanted.isBegun ? term.startsWith(wanted.text) : term === wanted.text,
        )
        expect(isInIndex).toBe(isInRow(inSpaces(tokens(text)), words, isBegun))
      }),
      { numRuns: 1000 },
    )
  })
})
