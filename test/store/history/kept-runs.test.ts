import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createChangedRuns } from '../../../src/store/history/changed-runs.ts'
import { partsOf } from '../../../src/store/history/kept-runs.ts'

type Row = { seq: number; version: number }

const newestFirst = (rows: Iterable<Row>) => [...rows].sort((a, b) => b.seq - a.seq)
const within = (rows: Row[], low: number, high: number) => rows.filter(({ seq }) => low < seq && seq < high)
const anySeq = fc.integer({ min: 1, max: 60 })

test('what is known and what is read anew come to what is there', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(anySeq, { maxLength: 40 }),
      fc.array(fc.tuple(anySeq, fc.boolean()), { maxLength: 12 }),
      anySeq,
      fc.record({ low: fc.nat(30), high: fc.integer({ min: 31, max: 70 }) }),
      (there, changes, to, range) => {
        const changed = createChangedRuns(() => 0)
        const rows = new Map(there.map((seq) => [seq, { seq, version: 0 }]))
        const kept = { rows: within(newestFirst(rows.values()), to - 1, range.high), to }
        const before = changed.version()
        for (const [seq, isThere] of changes) {
          if (isThere) rows.set(seq, { seq, version: 1 })
          else rows.delete(seq)
          changed.changed(seq)
        }
        const now = newestFirst(rows.values())
        const parts = partsOf({ ...kept, changed: changed.since(before)! }, range)
        const read = parts.flatMap(({ known, range: { low, high } }) => known ?? within(now, low, high))
        expect(read).toEqual(within(now, range.low, range.high))
        for (const { known, end } of parts)
          if (known && end)
            expect(within(now, end.seq - 1, range.high)).toEqual(read.filter(({ seq }) => seq >= end.seq))
        expect(parts.at(-1)!.end).toBeUndefined()
      },
    ),
  )
})

test('changes that lie far apart leave what is between them', () => {
  const changed = createChangedRuns(() => 0)
  const before = changed.version()
  for (const seq of [900, 10, 905, 500, 11, 700, 300]) changed.changed(seq)
  expect(changed.since(before)).toEqual([
    { low: 899, high: 906 },
    { low: 699, high: 701 },
    { low: 299, high: 501 },
    { low: 9, high: 12 },
  ])
  expect(changed.since(changed.version())).toEqual([])
})

test('nothing is known of a time before another program changed something, or before more than can be kept', () => {
  let others = 0
  const changed = createChangedRuns(() => others)
  const before = changed.version()
  others++
  expect(changed.since(before)).toBeUndefined()
  const since = changed.version()
  for (let seq = 0; seq < 39_999; seq++) changed.changed(seq)
  expect(changed.since(since)).toEqual([
    { low: 39_997, high: 39_999 },
    { low: 39_996, high: 39_998 },
    { low: 39_995, high: 39_997 },
    { low: -1, high: 39_996 },
  ])
  changed.changed(7)
  expect(changed.since(since)).toBeUndefined()
  expect(changed.since(changed.version() - 1)).toEqual([{ low: 6, high: 8 }])
})
