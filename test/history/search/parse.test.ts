import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSearch, readFieldName } from '../../../src/orchestrator/history/search/parse.ts'
import { type SearchTerm, writeSearch } from '../../../src/orchestrator/history/search/terms.ts'
import { anySearchTerm } from '../../support/history/search.ts'

function termsOf(text: string): SearchTerm[] {
  const read = parseSearch(text)
  if ('error' in read) throw new Error(`${read.error} (${read.at})`)
  return read.value
}

/** A search in its shortest form: what was understood of it. */
const understood = (text: string) => writeSearch(termsOf(text))
const words = (...all: string[]): SearchTerm => ({ isNot: false, kind: 'words', words: all })

describe('a search', () => {
  test('is made of words, and of words in a row', () => {
    expect(termsOf('AI Sáfety')).toEqual([words('ai'), words('safety')])
    expect(termsOf('"AI safety" now')).toEqual([words('ai', 'safety'), words('now')])
    expect(termsOf('re-run')).toEqual([words('re', 'run')])
    expect(termsOf('  ')).toEqual([])
  })

  test('names fields of inputs and outputs', () => {
    const field = { isNot: false, kind: 'field', side: 'in', path: ['topic'], compare: ':', value: 'safety' }
    expect(termsOf('in.topic:safety')).toEqual([field])
    expect(termsOf('in.topic:"ai safety"')).toEqual([{ ...field, value: 'ai safety' }])
    expect(termsOf('out.word_count>400')).toEqual([
      { ...field, side: 'out', path: ['word_count'], compare: '>', value: '400' },
    ])
    expect(termsOf('in."my field".a.0:x')).toEqual([{ ...field, path: ['my field', 'a', '0'], value: 'x' }])
    expect(termsOf('in:safety')).toEqual([{ ...field, path: [] }])
  })

  test.each([
    ['out.n>=1 out.n<=2 out.n<3 out.n=4', 'out.n>=1 out.n<=2 out.n<3 out.n=4'],
    ['out.n==4 out.n:>5 out.n:<=5 out.n:=5', 'out.n=4 out.n>5 out.n<=5 out.n=5'],
    ['out.n>-5 in.t:2026-11-20', 'out.n>-5 in.t:2026-11-20'],
    ['in.url:https://x.y?a=b in.a="" in.a=" "', 'in.url:https://x.y?a=b in.a="" in.a=" "'],
    ['in.a:"say ""hi"""', 'in.a:"say ""hi"""'],
    ['“ai safety” in.“my field”:„so so“', '"ai safety" in."my field":"so so"'],
    ['"one"two', 'one two'],
    ['status:failed status=Failed', 'status:failed status:Failed'],
    ['status:failed,lost agent:"a, b",c workflow:x,,y', 'status:failed,lost agent:"a, b",c workflow:x,y'],
    ['a OR b c AND d', 'a OR b c d'],
    ['a OR -b OR in.x:c d', 'a OR -b OR in.x:c d'],
    ['in.n > 4 cost >0.05 duration<= 5m status = failed', 'in.n>4 cost>0.05 duration<=5m status:failed'],
    ['cost:5 tokens==5 started:2026-11-20', 'cost=5 tokens=5 started=2026-11-20'],
    ['in.x:* -in.x:* cost:* error:* cause:""', 'in.x:* -in.x:* cost:* error:* cause:""'],
    ['refund* "safety rev*" in.a:bc* 退*', 'refund* "safety rev*" in.a:bc* 退*'],
    ['019ac3f2 research-agent "research-agent"', '019ac3f2 research-agent "research agent"'],
    ['id=night-run id=019ac3f2', 'id=night-run id:019ac3f2'],
    ['id:019a* id:"a*"', 'id:019a id:"a*"'],
    ['id:019ac3f2 id:"a b" main() (x) "OR"', 'id:019ac3f2 id:"a b" main x or'],
    ['agent:research-agent workflow:"Article writer"', 'agent:research-agent workflow:"Article writer"'],
    ['error:refused error:"connection refused"', 'error:refused error:"connection refused"'],
    ['-status:failed -"ai safety" -in.a:b -x', '-status:failed -"ai safety" -in.a:b -x'],
    ['a NOT b AND NOT status:failed OR NOT "c d"', 'a -b -status:failed OR -"c d"'],
    ['NOT "NOT" not x', '-not not x'],
    ['in.naïve:ü in.a/b:c', 'in.naïve:ü in.a/b:c'],
  ])('understands %s', (text, meaning) => expect(understood(text)).toBe(meaning))

  test.each([
    ['https://x.y/z?q=1', '"https x y z q 1"'],
    ['10:30 127.0.0.1:8000 2>1', '"10 30" "127 0 0 1 8000" "2 1"'],
    ['localhost:8000 api.example.com:443/v1', '"localhost 8000" "api example com 443 v1"'],
    ['ValueError: Error: refused', '"valueerror" error refused'],
    [String.raw`C:\temp std::map a->b a=>b <p>`, '"c temp" "std map" "a b" "a b" p'],
    ['out.txt in. into out.the.way', '"out txt" in into out.the.way'],
    ['say"hi" inputs status', '"say hi" inputs status'],
    ['"foo:bar" "status:failed"', '"foo bar" "status failed"'],
  ])('takes for words what is no field: %s', (text, meaning) => expect(understood(text)).toBe(meaning))

  test('is written so that it is read as the same', () => {
    fc.assert(
      fc.property(fc.array(anySearchTerm, { maxLength: 6 }), (terms) => {
        expect(termsOf(writeSearch(terms))).toEqual(terms)
      }),
    )
  })

  const pieces = fc.constantFrom(...'"“-:.<>=! a\n1', 'in.', 'out.', 'status:', 'error', 'foo', 'é', '://', '""', '🤖')
  test('is understood, or has an error at a place in it, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (typed) => {
        const text = typed.join('')
        const read = parseSearch(text)
        if ('value' in read) {
          expect(termsOf(writeSearch(read.value))).toEqual(read.value)
        } else {
          expect(read.error).toMatch(/^[A-Z“].*\.$/s)
          expect(read.at).toBeGreaterThanOrEqual(0)
          expect(read.at).toBeLessThanOrEqual(text.length)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('an error', () => {
  test.each([
    ['a "b c', 2, 'Close the quotes'],
    ['in.topic:"ai', 9, 'Close the quotes'],
    ['in."my field:x', 3, 'Close the quotes'],
    ['"a""', 0, 'Close the quotes'],
    ['-', 0, 'Write right after “-”'],
    ['a - b', 2, 'Write right after “-”'],
    ['""', 0, 'no letter or digit'],
    ['a &', 2, 'no letter or digit'],
    ['in.topic:+', 9, 'no letter or digit'],
    ['error:?', 6, 'no letter or digit'],
    ['in.topic:', 9, 'right after “in.topic:”'],
    ['in.topic: safety', 9, 'right after “in.topic:”'],
    ['out.n>""', 6, 'right after “out.n>”'],
    ['status:', 7, 'right after “status:”'],
    ['in."my field"', 13, 'right after “in."my field":”'],
    ['status!=failed', 6, '-status:word'],
    ['out.n!=5', 5, '-out.n:word'],
    ['status>failed', 6, 'status:failed'],
    ['error=x', 5, 'error:refused'],
    ['a foo:bar', 2, 'in.foo or out.foo'],
    ['score>5', 0, 'in.score or out.score'],
    ['inputs.topic:x', 0, 'Write in.topic,'],
    ['Out.n>3', 0, 'Write out.n,'],
    ['Status:failed', 0, 'Write status,'],
    ['errors:x', 0, 'Write error,'],
    ['in..a:b', 0, 'no field “in..a”. Write a name after each dot'],
    ['out.a..b>1', 0, 'Write a name after each dot'],
    ['x'.repeat(1001), 1000, '1,000 characters'],
    ['a '.repeat(33), 64, '32 things'],
    [`a${' OR a'.repeat(32)}`, 160, '32 things'],
    ['OR a', 0, 'both sides of OR'],
    ['a OR', 4, 'both sides of OR'],
    ['a OR OR b', 5, 'both sides of OR'],
    ['(a b) OR c', 0, 'Leave out the brackets'],
    ['a OR (b c)', 5, 'Leave out the brackets'],
    ['cost>much', 5, 'cost>0.05'],
    ['cost>0,05', 5, 'cost>0.05'],
    ['cost>1,5', 5, 'cost>0.05'],
    ['tokens>12,34', 7, 'tokens>1000'],
    ['id:*', 3, 'right after “id:”'],
    ['tokens>$5', 7, 'tokens>1000'],
    ['duration > long', 11, 'duration>5m'],
    ['started>2026-13-01', 8, 'started>2026-11-01'],
    ['re*nd', 0, 'the end of a word'],
    ['*fund', 0, 'the end of a word'],
    ['in.a:re*nd', 5, 'the end of a word'],
    ['a*', 0, 'at least 2 letters'],
    ['in.n >', 5, 'no letter or digit'],
    ['total_tokens>5', 0, 'Write tokens,'],
    ['run_id:x', 0, 'Write id,'],
    ['Cost>5', 0, 'Write cost,'],
  ])('of %j stands at %i', (text, at, sentence) => {
    expect(parseSearch(text)).toEqual({ error: expect.stringContaining(sentence), at })
  })
})

test('the name of a field can stand alone', () => {
  expect(readFieldName('out.score')).toEqual({ side: 'out', path: ['score'] })
  expect(readFieldName('in."my field".a')).toEqual({ side: 'in', path: ['my field', 'a'] })
  for (const text of ['score', 'out.', 'out.a:b', 'out.a b', 'in."a', 'output.a', '']) {
    expect(readFieldName(text)).toBeUndefined()
  }
})
