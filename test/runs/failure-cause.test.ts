import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matches } from '../../src/orchestrator/history/search/match.ts'
import { parseSearch } from '../../src/orchestrator/history/search/parse.ts'
import { type SearchTerm, writeSearch } from '../../src/orchestrator/history/search/terms.ts'
import { causeOf } from '../../src/orchestrator/runs/failure-cause.ts'

function parsed(text: string): SearchTerm[] {
  const read = parseSearch(text)
  if ('error' in read) throw new Error(`${read.error} ${text}`)
  return read.value
}

/** As run_index has it. */
const kept = (error: string) => [...error].slice(0, 200).join('')

describe('the cause of a failure', () => {
  test.each([
    ['Cannot connect to agent at http://127.0.0.1:8009: connection refused. Is it running?', 'connection refused'],
    ['The call to the agent at http://x/y failed: the answer was cut short.', 'the answer was cut short'],
    ['The agent answered 500 Internal Server Error: Workflow execution failed: no model', 'no model'],
    ['The agent says: Workflow execution failed: the model was empty', 'the model was empty'],
    ['The agent gave no answer within 120 s. It may still be working.', 'The agent gave no answer within 120 s'],
    ['The agent answered 502 Bad Gateway with a web page.', 'The agent answered 502 Bad Gateway with a web page'],
    ['The agent says: ', 'The agent says:'],
    ['  two\n  lines ', 'two lines'],
    ['Is it running?', 'Is it running?'],
    ['', ''],
    [null, ''],
  ])('is told without who reports it and what one could do: %j', (error, text) => {
    expect(causeOf(error).text).toBe(text)
  })

  test.each([
    ['max_sentences must be at least 12, not 10,482 or 3.5', 'max_sentences must be at least …, not … or …'],
    ["node 'fetch': https://example.org/heat-pumps?a=1 answered 403 Forbidden", 'node …: … answered 403 Forbidden'],
    [
      'HTTP 503 from upstream after 3 attempts: 429 Too Many Requests',
      'HTTP 503 from upstream after … attempts: 429 Too Many Requests',
    ],
    ['run 550e8400-e29b-41d4-a716-446655440000 of gpt-4o at 2026-11-20T10:00:01.123Z', 'run … of … at …'],
    ['cannot open /var/lib/data/in.csv (disk full)', 'cannot open … (disk full)'],
    ['nothing matches ".entry > p" in “news” or `x`', 'nothing matches … in … or …'],
    ["the model's context is too small for Bob's text", "the model's context is too small for Bob's text"],
    ["no input named 'it's own'", 'no input named …'],
    ["an opened 'quote that never ends", 'an opened …'],
    ['localhost:8000 and example.org:443 are gone', 'localhost:… and example.org:… are gone'],
    ['Ошибка 12: нет ответа', 'Ошибка …: нет ответа'],
  ])('is alike where only numbers, ids, addresses, paths and quoted values differ: %s', (error, pattern) => {
    expect(causeOf(error).pattern).toBe(pattern)
  })

  test('of an error that is cut off ends where it is cut', () => {
    const long = `The answer could not be read because ${'it went on and '.repeat(20)}`
    const { text, pattern } = causeOf(kept(long))
    expect(text).toMatch(/ (it|went|on|and) …$/)
    expect(pattern).toBe(text)
    expect(causeOf('x'.repeat(200))).toEqual({ text: `${'x'.repeat(200)}…`, pattern: `${'x'.repeat(200)}…` })
  })

  const odd = fc.constantFrom(
    ...[
      'http://x.de/1',
      'https://é',
      '"',
      "'",
      '“',
      '”',
      '/a/b/c',
      '12',
      '3.5',
      'node',
      'é',
      'e\u0301',
      'ß',
      'ﬁ',
      'ς',
      '가',
      '…',
    ],
    ...[
      'Cannot connect to agent at http://x: ',
      'The agent says: ',
      ' Is it running?',
      '. ',
      ': ',
      ' ',
      '\n',
      '_',
      '-',
      '{',
      '500 Ab',
    ],
  )
  const anyError = fc.oneof(
    fc
      .array(fc.oneof(odd, fc.string({ unit: 'grapheme', maxLength: 4 })), { maxLength: 60 })
      .map((parts) => parts.join('')),
    fc.string({ maxLength: 300 }),
  )

  test('is one by which a search finds every run that failed so, and no other', () => {
    const unknown = { inputs: null, outputs: null, id: '', status: '', agent: '', workflow: '', by: null }
    const unmeasured = { cost: null, tokens: null, duration: null, started: 0 }
    fc.assert(
      fc.property(anyError, anyError, (error, other) => {
        const { pattern } = causeOf(kept(error))
        const [term] = parsed(writeSearch([{ kind: 'cause', value: pattern, isNot: false }]))
        expect(matches(term!, { ...unknown, ...unmeasured, error })).toBe(true)
        const isSame = causeOf(kept(other)).pattern.toLowerCase() === pattern.toLowerCase()
        expect(matches(term!, { ...unknown, ...unmeasured, error: other })).toBe(isSame)
      }),
      { numRuns: 2000 },
    )
  })

  test('is found in no time, whatever the error is', () => {
    const hostile = [
      "'",
      '"',
      '/',
      '/a',
      'a.',
      'a-',
      '1,',
      '1:',
      'a://',
      '…',
      '“',
      "'a",
      'Workflow execution failed: ',
    ].map((part) => kept(part.repeat(200)))
    for (const error of hostile) expect(causeOf(error).pattern.length).toBeLessThan(210)
  })
})
