import { expect, test } from 'vitest'
import { entryOf } from '../../src/orchestrator/audit/entries.ts'
import { createAuditRetention } from '../../src/orchestrator/audit/retention.ts'
import { localActor } from '../../src/shared/actor.ts'
import { openTestStore } from '../support/store/store.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

function open(keepDays: number) {
  const { store, clock } = openTestStore()
  const onError = (error: unknown) => console.error(error)
  const retention = createAuditRetention({ store: store.audit, clock, keepDays, onError })
  const add = (count: number) =>
    store.audit.add(
      Array.from({ length: count }, () => entryOf({ action: 'agent.check', by: localActor }, clock.now())),
    )
  const left = async () => (await store.audit.list({}, { max: 5000 })).length
  return { clock, retention, add, left }
}

test('entries go when they are too old, an hour late at most', async () => {
  const { clock, retention, add, left } = open(30)
  await add(1201)
  await clock.leap(dayMs)
  await add(1)
  retention.start()
  await clock.leap(29 * dayMs - 1)
  await clock.advance(1000)
  expect(await left()).toBe(1202)
  await clock.advance(hourMs)
  expect(await left()).toBe(1)
  await retention.stop()
})

test('a wall clock that is set forward makes no entry older', async () => {
  const { clock, retention, add, left } = open(30)
  await add(1)
  clock.jump(400 * dayMs)
  retention.start()
  await clock.advance(2 * hourMs)
  expect(await left()).toBe(1)
  await retention.stop()
})

test('with 0 days all entries stay', async () => {
  const { clock, retention, add, left } = open(0)
  await add(1)
  retention.start()
  await clock.leap(1000 * dayMs)
  expect(await left()).toBe(1)
  await retention.stop()
})
