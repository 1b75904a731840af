import { expect, test } from 'vitest'
import { filesUnder, readProjectFile } from './sources.ts'

const nouns =
  'agents|characters|checks|columns|credentials|dashboards|days|differences|entries|errors|fields|hours|incidents|inputs|items|links|minutes|nodes|outputs|reports|results|rows|runs|sessions|slots|states|steps|tables|tokens|users|values|views|words'
const counted = new RegExp(String.raw`(?:\$\{([^{}]*)\}|<%= ((?:(?!%>).)*) %>) (?:more |other )?(?:${nouns})\b`, 'g')

const isLimit = /\b(max|min|setupM|jsonLimits)|length\b.*max|=== 1/i
/** Where there are two at least, or "1 of 3 runs". */
const neverOne = [
  'differences.length',
  'it.otherTables.length',
  'it.reading',
  'length.toLocaleString',
  'more + 1',
  'share(reading)',
  'tooLarge.b',
  'total)',
  'twins.length',
]
const isNeverOne = (text: string, at: number, value: string) =>
  isLimit.test(value) || neverOne.some((one) => value.includes(one)) || /(of|all|newest) $/.test(text.slice(0, at))

const isSaidOtherwise = (line: string) => /=== 1 \?|> 1 \?|inNumber\(/.test(line)

test('what is counted is in the number of its count', () => {
  const wrong = [...filesUnder('src', '.ts'), ...filesUnder('views', '.eta')].flatMap((path) =>
    readProjectFile(path)
      .split('\n')
      .filter((line) => !isSaidOtherwise(line))
      .flatMap((line) =>
        [...line.matchAll(counted)].map(({ 0: text, 1: a, 2: b, index }) => ({
          line,
          text,
          index,
          value: a ?? b ?? '',
        })),
      )
      .filter(({ line, index, value }) => !isNeverOne(line, index, value))
      .map(({ text }) => `${path}: ${text}`),
  )
  expect(wrong).toEqual([])
})
