import { expect, test } from 'vitest'
import { createAuditRecorder } from '../../src/orchestrator/audit/recorder.ts'
import { createEventStream } from '../../src/orchestrator/events.ts'
import { localActor } from '../../src/shared/actor.ts'
import type { AuditEntry } from '../../src/store/ports/audit.ts'
import { createTestClock } from '../support/clock.ts'

function recording() {
  const clock = createTestClock()
  const events = createEventStream((error) => {
    throw error
  })
  const failures: string[] = []
  events.on('failure', ({ error }) => failures.push((error as Error).message))
  const batches: AuditEntry[][] = []
  let fault: Error | undefined
  const recorder = createAuditRecorder({
    ...{ clock, events, nameOfAgent: () => undefined },
    store: {
      async add(entries) {
        if (fault) throw fault
        batches.push(entries)
      },
    },
  })
  const act = (count: number) => {
    for (let one = 0; one < count; one++) events.emit('backup-begun', { by: localActor })
  }
  const setFault = (message?: string) => {
    fault = message === undefined ? undefined : new Error(message)
  }
  return { clock, recorder, act, setFault, batches, failures, written: () => batches.flat() }
}

test('many entries of one moment are written in few steps', async () => {
  const { recorder, act, batches, written } = recording()
  act(1200)
  await recorder.flush()
  expect(written()).toHaveLength(1200)
  expect(batches.length).toBeLessThan(6)
})

test('what cannot be written now is written later', async () => {
  const { clock, recorder, act, setFault, written, failures } = recording()
  setFault('The disk is full.')
  act(3)
  await clock.advance(0)
  expect(failures).toContain('The disk is full.')
  expect(recorder.waiting()).toBe(3)
  setFault()
  await clock.advance(2000)
  expect(written()).toHaveLength(3)
  expect(recorder.waiting()).toBe(0)
})

test('what is too much to wait is reported at once, and in the trail when that can be written', async () => {
  const { clock, recorder, act, setFault, written, failures } = recording()
  setFault('The disk is full.')
  act(10_007)
  await clock.advance(0)
  expect(failures).toContain('10000 entries wait to be written. Later ones are lost.')
  setFault()
  await recorder.flush()
  expect(written()).toHaveLength(10_001)
  expect(written().at(-1)).toMatchObject({ action: 'audit.lose', details: { entries: 7 } })
})

test('a stop writes what waits, and reports what it cannot write', async () => {
  const good = recording()
  good.act(2)
  await good.recorder.close()
  expect(good.written()).toHaveLength(2)
  const bad = recording()
  bad.setFault('The disk is full.')
  bad.act(2)
  await bad.recorder.close()
  expect(bad.failures.at(-1)).toBe('2 entries of the audit trail were not written.')
})
