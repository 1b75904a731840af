import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainText, type SimpleType } from '../../src/agent/schema/input-type.ts'
import { showInControl, writeControl } from '../../src/orchestrator/forms/fields/control.ts'

const types: Record<string, SimpleType> = {
  text: plainText,
  date: { ...plainText, format: 'date' },
  time: { ...plainText, format: 'time' },
  moment: { ...plainText, format: 'date-time' },
  integer: { kind: 'integer' },
  number: { kind: 'number' },
  boolean: { kind: 'boolean' },
  choice: { kind: 'choice', options: ['"a"', '""', '1', '{"b":[1]}'].map((json) => ({ json, label: json })) },
}

test.each([
  ['text', 'a', '"a"'],
  ['text', '', '""'],
  ['text', ' ', '" "'],
  ['text', 'null', '"null"'],
  ['text', '\u0000"\\', '"\\u0000\\"\\\\"'],
  ['date', ' 2026-11-22 ', '"2026-11-22"'],
  ['date', '2024-02-29', '"2024-02-29"'],
  ['time', '16:30', '"16:30"'],
  ['time', '16:30:00.25+02:00', '"16:30:00.25+02:00"'],
  ['moment', '2026-11-22T16:30:00Z', '"2026-11-22T16:30:00Z"'],
  ['moment', '2026-11-22 16:30', '"2026-11-22 16:30"'],
  ['integer', '0', '0'],
  ['integer', '-0', '-0'],
  ['integer', ' +7 ', '7'],
  ['integer', '007', '7'],
  ['integer', '12345678901234567890123', '12345678901234567890123'],
  ['number', '1.0', '1.0'],
  ['number', '.5', '0.5'],
  ['number', '5.', '5'],
  ['number', '+00.50', '0.50'],
  ['number', '-1e-7', '-1e-7'],
  ['number', '1E400', '1E400'],
  ['boolean', ' True ', 'true'],
  ['choice', '"a"', '"a"'],
  ['choice', '{"b":[1]}', '{"b":[1]}'],
])('in a control for %s, %j is sent as %s', (type, typed, json) => {
  expect(writeControl(types[type]!, typed)).toEqual({ value: json })
})

const wholeNumber = 'Enter a whole number.'
const number = 'Enter a number.'
test.each([
  ['date', '2026-02-30', 'Enter a date like 2026-11-22.'],
  ['date', '22.11.2026', 'Enter a date like 2026-11-22.'],
  ['time', 'noon', 'Enter a time like 16:30 or 16:30:00Z.'],
  ['moment', '2026-11-31T16:30:00Z', 'Enter a date and time like 2026-11-22T16:30:00Z.'],
  ['integer', '1.0', wholeNumber],
  ['integer', '1e3', wholeNumber],
  ['integer', '0x1F', wholeNumber],
  ['integer', '1_000', wholeNumber],
  ['integer', '--1', wholeNumber],
  ['integer', '１', wholeNumber],
  ['integer', '', wholeNumber],
  ['number', '1,5', number],
  ['number', '.', number],
  ['number', 'NaN', number],
  ['number', 'Infinity', number],
  ['number', '1e', number],
  ['boolean', 'yes', 'Choose true or false.'],
  ['choice', 'a', 'Choose one of the options.'],
])('in a control for %s, %j is an error', (type, typed, error) => {
  expect(writeControl(types[type]!, typed)).toEqual({ error })
})

test.each([
  ['text', '"a\\nb"', 'a\nb'],
  ['text', '""', ''],
  ['text', '"\\u00e9"', 'é'],
  ['date', '"2026-11-22"', '2026-11-22'],
  ['integer', '-12345678901234567890', '-12345678901234567890'],
  ['number', '1.50e+7', '1.50e+7'],
  ['boolean', 'false', 'false'],
  ['choice', '"\\u0061"', '"a"'],
  ['choice', '1', '1'],
])('a control for %s shows %s', (type, json, shown) => {
  expect(showInControl(types[type]!, json)).toBe(shown)
})

test.each([
  ['text', '1'],
  ['text', 'null'],
  ['text', '"a\\rb"'],
  ['text', '"\\u0000"'],
  ['text', '"\\ud800"'],
  ['date', '"2026-02-30"'],
  ['date', '" 2026-11-22"'],
  ['integer', '1.0'],
  ['integer', '"1"'],
  ['integer', 'NaN'],
  ['number', 'Infinity'],
  ['boolean', '"true"'],
  ['choice', '"b"'],
  ['choice', '1.0'],
  ['choice', 'null'],
])('a control for %s cannot show %s', (type, json) => {
  expect(showInControl(types[type]!, json)).toBeUndefined()
})

test('what a control shows, it writes again', () => {
  const anyType = fc.constantFrom(...Object.values(types))
  fc.assert(
    fc.property(anyType, fc.json({ maxDepth: 1 }), (type, json) => {
      const shown = showInControl(type, json)
      if (shown === undefined) return
      const written = writeControl(type, shown)
      expect('value' in written && JSON.parse(written.value)).toEqual(JSON.parse(json))
    }),
  )
})
