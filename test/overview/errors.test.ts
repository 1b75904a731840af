import { expect, test } from 'vitest'
import { topErrors } from '../../src/orchestrator/overview/errors.ts'
import { hourMs } from '../../src/shared/time/durations.ts'

const to = Date.UTC(2026, 10, 20, 13)
const day = { from: to - 24 * hourMs, to }
const refused = 'Cannot connect to agent at http://x: connection refused. Is it running?'
const registry = { has: (id: string) => id === 'writer' }

/** Newest first, a second apart. */
function errorsOf(failures: [agent: string, error: string | null][]) {
  const newest = failures.map(([agent, error], index) => ({
    ...{ agent, agentId: null, error },
    startedAt: to - 1000 * (index + 1),
  }))
  return topErrors({ all: newest.length, newest, isMore: false }, day, registry)
}

test('failures are grouped by their cause, whatever the agent: the largest first, then the newest', () => {
  const { list } = errorsOf([
    ['writer', 'late by 5 s'],
    ['scraper', refused],
    ['writer', 'late by 7 s'],
    ['scraper', null],
    ['scraper', refused],
    ['scraper', ''],
    ['writer', refused],
  ])
  expect(list.map(({ runs, cause }) => `${runs} × ${cause}`)).toEqual([
    '3 × connection refused',
    '2 × late by … s',
    '2 × ',
  ])
  expect(list[0]).toMatchObject({
    latestAt: to - 2000,
    agents: [
      { name: 'scraper', agentId: undefined, runs: 2 },
      { name: 'writer', agentId: 'writer', runs: 1 },
    ],
  })
})

test('the words of an error stay where they are the same in all', () => {
  const { list } = errorsOf([
    ['a', 'late by 5 s'],
    ['b', 'late by 5 s.'],
  ])
  expect(list).toMatchObject([{ runs: 2, cause: 'late by 5 s' }])
})

test('each error says in which hours it came, and five are shown', () => {
  const failures = [...'abcdefg'].map((letter, index) => ({
    ...{ agent: 'writer', agentId: null, error: letter },
    startedAt: day.from + index * hourMs,
  }))
  const { list } = topErrors({ all: 7, newest: failures.toReversed(), isMore: false }, day, registry)
  expect(list.map(({ cause, hours }) => `${cause} ${hours.indexOf(1)} ${hours.length}`)).toEqual([
    'g 6 24',
    'f 5 24',
    'e 4 24',
    'd 3 24',
    'c 2 24',
  ])
})
