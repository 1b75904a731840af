import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  exactValue,
  isJson,
  isStrictJson,
  jsonError,
  jsonMembers,
  jsonObject,
  jsonTokens,
  looseValue,
} from '../../src/shared/json.ts'

const depth = 100_000
const deepList = '['.repeat(depth) + ']'.repeat(depth)

describe('tokens', () => {
  const tokens = (text: string) => Array.from(jsonTokens(text), ({ start, end }) => text.slice(start, end)).join(' ')

  test('are the pieces of the text, with no space between', () => {
    expect(tokens(' {"a" : [1, -2.5e3,\n null]}\t')).toBe('{ "a" : [ 1 , -2.5e3 , null ] }')
  })

  test('keep a string whole, whatever is escaped in it', () => {
    expect(tokens(String.raw`["a\"b","c\\","{[,:]}","\\\"",""]`)).toBe(
      String.raw`[ "a\"b" , "c\\" , "{[,:]}" , "\\\"" , "" ]`,
    )
  })

  test('end where an open string does', () => {
    expect(tokens(String.raw`{"a":"b\"`)).toBe(String.raw`{ "a" : "b\"`)
    expect(tokens('"')).toBe('"')
  })

  test('say what they are', () => {
    const kinds = Array.from(jsonTokens('{"a":[NaN,1]}'), ({ kind }) => kind)
    expect(kinds.join(' ')).toBe('open string colon open literal comma literal close close')
  })

  test('cover every character of any text that is not space, once and in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[],:"\\ \nNa1-é') }), (text) => {
        let at = 0
        for (const { start, end } of jsonTokens(text)) {
          expect(text.slice(at, start).trim()).toBe('')
          expect(end).toBeGreaterThan(start)
          at = end
        }
        expect(text.slice(at).trim()).toBe('')
      }),
    )
  })
})

describe('JSON as Python writes it', () => {
  test.each(['NaN', '[NaN]', '{"a": NaN, "b": [Infinity, -Infinity]}', '{"a":1}', ' "x" '])('is JSON: %s', (text) =>
    expect(isJson(text)).toBe(true),
  )

  test.each(['', 'None', 'nan', '{NaN: 1}', 'NaNN', '-NaN', "{'a': NaN}", '[NaN', 'NaN NaN'])(
    'is no JSON: %s',
    (text) => expect(isJson(text)).toBe(false),
  )

  test('is told from JSON by the standard', () => {
    expect(isStrictJson('[1]')).toBe(true)
    expect(isStrictJson('[NaN]')).toBe(false)
  })

  test('is read with null for what is no number, and left alone inside strings', () => {
    expect(looseValue('{"a": NaN, "b": "NaN, -Infinity", "NaN": -Infinity}')).toEqual({
      a: null,
      b: 'NaN, -Infinity',
      NaN: null,
    })
  })

  test('has no value when it is none', () => {
    expect(looseValue('None')).toBeUndefined()
    expect(looseValue('')).toBeUndefined()
  })
})

describe('members', () => {
  const members = (text: string) => [...(jsonMembers(text) ?? [])]

  test('are cut out of the text as they stand', () => {
    expect(members('{ "a" : 1.0 , "b":{"c": [1, 2]} ,"d": "x, y" , "e": NaN }')).toEqual([
      ['a', '1.0'],
      ['b', '{"c": [1, 2]}'],
      ['d', '"x, y"'],
      ['e', 'NaN'],
    ])
  })

  test('keep every digit and every space inside', () => {
    expect(jsonMembers('{"n": 9007199254740993, "o": [ 1 ]}')).toEqual(
      new Map([
        ['n', '9007199254740993'],
        ['o', '[ 1 ]'],
      ]),
    )
  })

  test('of one name are the last of them', () => {
    expect(members('{"a": 1, "b": 2, "a": 3}')).toEqual([
      ['a', '3'],
      ['b', '2'],
    ])
  })

  test('have their names unescaped', () => {
    expect(members(String.raw`{"a\"b": 1, "c\\": 2, "\u00e9": 3, "": 4}`)).toEqual([
      ['a"b', '1'],
      ['c\\', '2'],
      ['é', '3'],
      ['', '4'],
    ])
  })

  test('may be called __proto__, and stay in order when their names are numbers', () => {
    const names = members('{"z": 1, "__proto__": {"x": 1}, "10": 2, "2": 3}').map(([name]) => name)
    expect(names.join(' ')).toBe('z __proto__ 10 2')
  })

  test('are none in an empty object, and undefined in anything else', () => {
    expect(members(' { } ')).toEqual([])
    for (const text of ['[]', '[{"a": 1}]', '"{}"', '1', 'null', 'NaN']) expect(jsonMembers(text)).toBeUndefined()
  })

  test('may be nested a hundred thousand deep', () => {
    expect(jsonMembers(`{"a":${deepList},"b":1}`)?.get('a')).toBe(deepList)
  })

  test('of any object parse back to its values, and make an object that means the same', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (object) => {
        const text = JSON.stringify(object, null, 2)
        const found = jsonMembers(text)!
        expect([...found.keys()]).toEqual(Object.keys(JSON.parse(text)))
        for (const [name, value] of found) expect(JSON.parse(value)).toEqual(JSON.parse(text)[name])
        expect(JSON.parse(jsonObject(found))).toEqual(JSON.parse(text))
      }),
    )
  })
})

describe('an exact value', () => {
  test.each(['9007199254740993', '1.0', '-0', '1e400', '1E5', '[1,2.50,{"a":12345678901234567890}]', '"1.0"'])(
    'is written back as it was: %s',
    (text) => expect(JSON.stringify(exactValue(text))).toBe(text),
  )

  test('is undecided about what cannot be written back', () => {
    expect(() => exactValue('NaN')).toThrow(SyntaxError)
    expect(() => exactValue(deepList)).toThrow(SyntaxError)
  })
})

describe('an error', () => {
  test.each([
    ['', 'Enter JSON.'],
    [' \n', 'Enter JSON.'],
    ['{"a": 1,}', 'This is not valid JSON: unexpected "}" at line 1, column 9.'],
    ['[1,\n  2,\n  x]\n', 'This is not valid JSON: unexpected "x" at line 3, column 3.'],
    ['[1,\n  2', 'This is not valid JSON: it ends too early, at line 2, column 4.'],
    ['{"a": "b', 'This is not valid JSON: it ends too early, at line 1, column 9.'],
    ["{'a': 1}", `This is not valid JSON: unexpected "'" at line 1, column 2.`],
    ['NaN', 'This is not valid JSON: unexpected "N" at line 1, column 1.'],
    ['{"a": NaN}', 'This is not valid JSON: unexpected "N" at line 1, column 7.'],
    ['"position 3', 'This is not valid JSON: it ends too early, at line 1, column 12.'],
    ['at position 3', 'This is not valid JSON: unexpected "a" at line 1, column 1.'],
    ['{"at position 1": x}', 'This is not valid JSON: unexpected "x" at line 1, column 19.'],
    ['[😀]', 'This is not valid JSON: unexpected "😀" at line 1, column 2.'],
  ])('in %j is told with its place', (text, sentence) => expect(jsonError(text)).toBe(sentence))

  test('is none in JSON, and one in everything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[],:"\\ \n1-eaN') }), (text) => {
        expect(jsonError(text) === undefined).toBe(isStrictJson(text))
      }),
    )
  })
})
