import { expect, test } from 'vitest'
import { createChangedRuns } from '../../../src/store/history/changed-runs.ts'
import { createKeptHits, type Hit } from '../../../src/store/history/kept-hits.ts'

const hit = (seq: number): Hit => ({ seq, unsure: false })

test('only what has changed is found anew, and all of it after another program changed something', async () => {
  let others = 0
  const changed = createChangedRuns(() => others)
  const kept = createKeptHits(changed)
  let there = [1, 2, 3]
  const asked: (number[] | undefined)[] = []
  const hits = async () => {
    const found = await kept.of('fox', async (among) => {
      asked.push(among)
      return there.filter((seq) => among?.includes(seq) ?? true).map(hit)
    })
    return found?.map(({ seq }) => seq).sort()
  }
  expect(await hits()).toEqual([1, 2, 3])
  expect(await hits()).toEqual([1, 2, 3])
  there = [1, 3, 4]
  changed.changed(2)
  changed.changed(4)
  changed.changed(5)
  expect(await hits()).toEqual([1, 3, 4])
  others++
  expect(await hits()).toEqual([1, 3, 4])
  expect(asked).toEqual([undefined, [2, 4, 5], undefined])
})

test('what changes while hits are found is found the next time', async () => {
  const changed = createChangedRuns(() => 0)
  const kept = createKeptHits(changed)
  await kept.of('fox', async () => {
    changed.changed(7)
    return [hit(1)]
  })
  expect(await kept.of('fox', async (among) => among?.map(hit))).toEqual([hit(1), hit(7)])
  expect(await kept.of('wolf', async () => undefined)).toBeUndefined()
})

test('that there are too many is believed for a while', async () => {
  const kept = createKeptHits(createChangedRuns(() => 0))
  let looks = 0
  const ask = (hits: Hit[] | undefined) =>
    kept.of('fox', async () => {
      looks++
      return hits
    })
  for (let asked = 0; asked <= 100; asked++) expect(await ask(undefined)).toBeUndefined()
  expect(looks).toBe(1)
  expect(await ask([hit(1)])).toEqual([hit(1)])
  expect(looks).toBe(2)
})
