import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { payloadLine } from '../../../src/shared/json/line.ts'

describe('a payload as one line', () => {
  test.each([
    ['{"topic": "Grid storage after 2030", "max_sources": 3}', 'topic: Grid storage after 2030 · max_sources: 3'],
    ['{"text":"Release notes 4.2","to":["de","fr","ja"]}', 'text: Release notes 4.2 · to: de, fr, ja'],
    ['{"a": null, "b": "", "c": [], "d": {}, "e": false, "f": 0}', 'e: false · f: 0'],
    ['{"n": 9007199254740993, "x": NaN, "y": -1.50}', 'n: 9007199254740993 · x: NaN · y: -1.50'],
    ['{"deep": {"a": [1, {"b": 2}]}, "list": [1, [2, 3], {"a": 4}, "five"]}', 'deep: {…} · list: 1, …, …, five'],
    ['{"text": "  two\\n\\n\\tlines \\u00e9 \\"x\\" "}', 'text: two lines é "x"'],
    [`{'topic': "AI's", 'x': None, 'ok': True}`, "topic: AI's · ok: true"],
    ['"a text"', 'a text'],
    ['[1, 2, 3]', '1, 2, 3'],
    ['12', '12'],
    ['plain\nwords', 'plain words'],
    ['{not json at all', '{not json at all'],
  ])('%s', (payload, line) => {
    expect(payloadLine(payload)).toBe(line)
  })

  test.each([null, '', ' ', '{}', 'null', 'None', '{"a": null}', '[]', '{', '\0'])('%j says nothing', (payload) => {
    expect(payloadLine(payload)).toBeNull()
  })

  test('ends after 120 characters, whatever is cut there', () => {
    const text = `${'x'.repeat(112)}🤖 and more`
    expect(payloadLine(JSON.stringify({ text }))).toBe(`text: ${'x'.repeat(112)}…`)
    expect(payloadLine(JSON.stringify({ text: '\u{1f916}'.repeat(5000), more: 1 }))).toMatch(/^text: 🤖+…$/u)
    expect(payloadLine(`{"text": "${'\\n'.repeat(5000)}"}`)).toBeNull()
  })

  test('reads no more than the start of a large payload', () => {
    const numbers = Array.from({ length: 1_000_000 }, (_, index) => index)
    expect(payloadLine(JSON.stringify({ deep: { numbers }, topic: 'never read' }))).toBe('deep: {…}')
    expect(payloadLine(JSON.stringify({ numbers }))).toMatch(/^numbers: 0, 1, 2, .*…$/)
    expect(payloadLine(`{'text': '${'x'.repeat(3000)}'}`)).toHaveLength(120)
  })

  test('is one line of at most 120 characters for any text', () => {
    const anyText = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.json().map((json) => json.slice(0, -2)),
    )
    fc.assert(
      fc.property(anyText, (payload) => {
        const line = payloadLine(payload) ?? ''
        expect(line.length).toBeLessThanOrEqual(120)
        expect(line).not.toMatch(/[\n\r\t\0]/)
        expect(line.isWellFormed()).toBe(true)
      }),
    )
  })
})
