import { expect, test } from 'vitest'
import { matchOf, wordsOf } from '../../src/shared/match.ts'

const rank = (typed: string, name: string, ...others: string[]) => matchOf(wordsOf(typed), name, others)?.rank

test('a name that begins with the words is better than one with a word that does, and that than any place inside', () => {
  expect(rank('re', 'Research Agent')).toBe(0)
  expect(rank('re', 'Invoice Reader')).toBe(1)
  expect(rank('re', 'Writer', 'reports-7')).toBe(2)
  expect(rank('re', 'Core')).toBe(3)
  expect(rank('re', 'Writer', 'store-7')).toBe(4)
  expect(rank('re', 'Writer', 'writer')).toBeUndefined()
})

test('all words have to fit, in any order, and the worst place counts', () => {
  expect(rank('agent re', 'Research Agent')).toBe(1)
  expect(rank('research 8002', 'Research Agent', 'localhost:8002')).toBe(2)
  expect(rank('research 8003', 'Research Agent', 'localhost:8002')).toBeUndefined()
  expect(rank('  ', 'Research Agent')).toBe(0)
})

test('marks where the words are, the start of a word before its inside', () => {
  expect(matchOf(['re'], 'Core Reader')?.marks).toEqual([[5, 7]])
  expect(matchOf(['ea', 're'], 'Reader')?.marks).toEqual([[0, 3]])
  expect(matchOf(['sql'], 'Writer', ['sql-writer'])?.marks).toEqual([])
  // Its lower case is longer, so places in it would be wrong.
  expect(matchOf(['x'], 'İx')?.marks).toEqual([[1, 2]])
})
