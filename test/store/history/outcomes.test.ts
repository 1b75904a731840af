import { expect, test } from 'vitest'
import { createChangedRuns } from '../../../src/store/history/changed-runs.ts'
import { createOutcomes } from '../../../src/store/history/outcomes.ts'

test('what a run was found to be is known until it changes, and never learnt from how it was before', () => {
  let others = 0
  const changed = createChangedRuns(() => others)
  const outcomes = createOutcomes(changed)
  const before = outcomes.of('fox').set(1, true).set(2, false)
  expect([...outcomes.of('fox')]).toEqual([
    [1, true],
    [2, false],
  ])
  expect(outcomes.of('wolf').size).toBe(0)
  changed.changed(2)
  expect([...outcomes.of('fox')]).toEqual([[1, true]])
  before.set(2, false)
  expect([...outcomes.of('fox')]).toEqual([[1, true]])
  others++
  expect(outcomes.of('fox').size).toBe(0)
})

test('what another program does while it is asked what has changed is not missed', () => {
  let looks = 0
  const changed = createChangedRuns(() => (++looks > 3 ? 1 : 0))
  const outcomes = createOutcomes(changed)
  outcomes.of('fox').set(1, true)
  changed.changed(5)
  outcomes.of('fox')
  expect(looks).toBe(4)
  expect(outcomes.of('fox').size).toBe(0)
})

test('no search remembers more runs than a limit, though nothing changes', () => {
  const outcomes = createOutcomes(createChangedRuns(() => 0))
  for (let seq = 0; seq < 20_000; seq++) outcomes.of('fox').set(seq, true)
  expect(outcomes.of('fox').size).toBe(0)
  expect(outcomes.of('fox').set(1, true).size).toBe(1)
})
