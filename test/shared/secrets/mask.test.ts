import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secretTexts, withheldTexts } from '../../../src/orchestrator/runs/secrets/texts.ts'
import { createSecretMask } from '../../../src/shared/secrets/mask.ts'

const ascii = (text: string) =>
  JSON.stringify(text).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
const everyUnit = (text: string) =>
  Array.from(
    { length: text.length },
    (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0').toUpperCase()}`,
  ).join('')
const html = (text: string) =>
  text.replace(/[&<>"']/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' })[one]!)

const written: Record<string, (text: string) => string> = {
  plain: (text) => text,
  JSON: (text) => JSON.stringify(text),
  'JSON in ASCII': ascii,
  'JSON in JSON': (text) => JSON.stringify(ascii(text)),
  'JSON with slashes': (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  'JSON of nothing but escapes': everyUnit,
  'a URL': encodeURIComponent,
  'a URL in small letters': (text) => encodeURIComponent(text).replace(/%../g, (one) => one.toLowerCase()),
  'a URL in a URL in a URL': (text) => encodeURIComponent(encodeURIComponent(encodeURIComponent(text))),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 in a URL': (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
  'hexadecimal digits': (text) => Buffer.from(text).toString('hex'),
  'a form': (text) => new URLSearchParams({ k: text }).toString(),
  HTML: html,
  Python: (text) =>
    `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n').replace(/\t/g, '\\t').replace(/\r/g, '\\r')}'`,
}
const secrets = [
  'hunter2',
  'pass word',
  'q"u\'o/t\\es&<x>',
  '密码-пароль',
  '🗝️ key',
  'line\nbreak\ttab',
  '100%25+1',
  `sk-${'a1B2'.repeat(400)}`,
]

describe.each(Object.keys(written))('a secret in %s', (form) => {
  test.each(secrets)('is masked: %s', (secret) => {
    const { text } = createSecretMask(secretTexts([JSON.stringify(secret)]))
    const said = `before ${written[form]!(secret)} after`
    const masked = text(said)
    expect(masked).toMatch(/^before (k=|["'\\]*)••••["'\\]* after$/)
  })
})

test('what was to be JSON, and is none, is masked as a text', () => {
  const { json } = createSecretMask(['hunter2-hunter2'])
  for (const start of ['{"a": "', '{"a": ', '["x", \'', '{"a": "b" "c"} ']) {
    expect(json(`${start}hunter2-hunter2`)).toBe(`${start}••••`)
  }
})

test('whatever the secret, nothing of it is left where it is written in any of these ways', () => {
  const secret = fc.string({ unit: 'grapheme', minLength: 6, maxLength: 20 }).filter((text) => /[^\\]{4}/.test(text))
  fc.assert(
    fc.property(secret, fc.constantFrom(...Object.keys(written)), (text, form) => {
      const said = written[form]!(text)
      expect(createSecretMask([text]).text(`<<${said}>>`)).toContain('••••')
      expect(createSecretMask([text]).text(`<<${said}>>`)).not.toContain(said)
    }),
    { numRuns: 500 },
  )
})

test.each([0, 1, 2, 3])('in base64 it is masked wherever it stands: %i', (before) => {
  const { text } = createSecretMask(['hunter2-ÿ>?'])
  for (const encoding of ['base64', 'base64url'] as const) {
    const said = Buffer.from(`${'user:'.slice(0, before)}hunter2-ÿ>?, and more`).toString(encoding)
    expect(text(`Basic ${said}`)).toMatch(/^Basic \S{0,5}••••\S+$/)
  }
})

test('what is cut off in the middle of it is masked, too', () => {
  expect(createSecretMask(['correct horse']).text('Wrong key correct h')).toBe('Wrong key ••••')
})

test('a short one is masked where it stands alone', () => {
  const { text } = createSecretMask(['a1'])
  expect(text('a1 is wrong: "a1", not a12 or ba1')).toBe('•••• is wrong: "••••", not a12 or ba1')
})

test('the longest is masked first', () => {
  expect(createSecretMask(secretTexts(['"hunter2"', '"hunter2-long"'])).text('hunter2-long')).toBe('••••')
})

test.each(['\\', '%41', '%', '&', '+'])('megabytes of %s hide none, and are gone through once', (sign) => {
  const { text } = createSecretMask(['hunter2'])
  const said = sign.repeat(300_000)
  expect(text(`${said} hunter2 ${said}`)).toBe(`${said} •••• ${said}`)
})

describe('JSON', () => {
  const { json } = createSecretMask(secretTexts(['"hunter2"', '123456', '"q\\"uote"']))

  test('stays JSON, and is the same to the byte beside the secrets', () => {
    expect(json('{ "a" : 1.0, "hunter2":[123456, 1234567, "x\\u0068unter2\\n", "q\\"uote"],"b":"\\u00e9" }')).toBe(
      '{ "a" : 1.0, "••••":["••••", 1234567, "x••••\\n", "••••"],"b":"\\u00e9" }',
    )
  })

  test('is not touched where there is none', () => {
    const text = '{"n": 12345678901234567890, "t": "\\u00e9", "x": NaN}'
    expect(json(text)).toBe(text)
  })
})

test('what was withheld is what is missing of the stored', () => {
  const sent = '{"a":"one","b":[{"p":"two","n":1},{"n":2}],"c":["three"],"d":{"e":{"f":"four"}},"n":12345}'
  const stored = '{"b":[{"n":1},{"n":2}],"d":{"e":{}}}'
  expect(withheldTexts(sent, stored)).toEqual(['three', '12345', 'four', 'one', 'two'])
  expect(withheldTexts(sent, sent)).toEqual([])
})
