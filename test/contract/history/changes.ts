import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RunFilter } from '../../../src/orchestrator/history/filter.ts'
import { selectionOf } from '../../../src/orchestrator/history/selection.ts'
import { minuteMs } from '../../../src/shared/time/durations.ts'
import { utc } from '../../../src/shared/time/zone.ts'
import type { ReportedRun } from '../../../src/store/ports/runs.ts'
import { at } from '../../support/history/any-history.ts'
import { byStatus, histories, timeoutMs, usual } from './common.ts'
import type { HistoryWorld, OpenHistory } from './world.ts'

const reported: ReportedRun = {
  ...{ id: '', agent: 'report', agentId: null, workflow: 'report', status: 'completed', startedAt: at },
  ...{ completedAt: null, durationSeconds: null, inputs: null, withheld: [], outputs: null, error: null },
  ...{ totalTokens: null, totalCostUsd: null, traceId: null, startedBy: null, startedById: null, reportedAt: at },
}

const accepted = {
  ...{ agentId: 'writer', agentUrl: 'http://localhost:1', workflow: undefined, withheld: [], rerunOf: null },
  ...{ traceId: null, isSampled: true, startedBy: null, startedById: null },
}

type Known = { startedAt: number; status: string; duration: number; inputs: string }
const anyKnown: fc.Arbitrary<Known> = fc.record({
  startedAt: fc.nat(40).map((minutes) => at + minutes * minuteMs),
  status: fc.constantFrom('running', 'completed', 'failed'),
  duration: fc.nat(4),
  inputs: fc.constantFrom('{"a": "red fox"}', '{"a": "fox, red"}', '{"a": "grey wolf"}'),
})

const all: RunFilter = { agents: [], statuses: [], search: [] }
const selected: { filter: RunFilter; holds: (run: Known) => boolean }[] = [
  { filter: all, holds: () => true },
  { filter: { ...all, longerThanSeconds: 2 }, holds: ({ duration }) => duration > 2 },
  {
    filter: { ...all, search: [{ kind: 'words', words: ['fox'], isNot: false }] },
    holds: ({ inputs }) => inputs.includes('fox'),
  },
  {
    filter: { ...all, search: [{ kind: 'words', words: ['red', 'fox'], isNot: false }] },
    holds: ({ inputs }) => inputs.includes('red fox'),
  },
  {
    filter: { ...all, from: at + 15 * minuteMs, statuses: ['failed'], longerThanSeconds: 0 },
    holds: ({ startedAt, status, duration }) => startedAt >= at + 15 * minuteMs && status === 'failed' && duration > 0,
  },
]

type Step = { what: 'reported' | 'accepted' | 'added' | 'removed'; id: string; run: Known }
const anyStep: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('reported', 'reported', 'accepted', 'added', 'removed'),
  id: fc.constantFrom(...'abcdefgh'),
  run: anyKnown,
})

async function take({ store, add, remove }: HistoryWorld, known: Map<string, Known>, { what, id, run }: Step) {
  const { startedAt, status, duration, inputs } = run
  if (what === 'added') {
    known.set(await add({ ...usual, startedAt, status, duration, inputs }, 'waiting'), run)
  } else if (what === 'removed') {
    await remove(id)
    known.delete(id)
  } else if (what === 'accepted') {
    if (known.has(id)) return
    await store.runs.accept({ run: () => ({ ...accepted, id, startedAt, inputs }) })
    const event = { kind: 'completed' as const, attempt: 1, at }
    await store.runs.change(id, () => ({ change: { status, durationSeconds: duration }, event }))
    known.set(id, run)
  } else {
    const decide = () => ({ ...reported, id, startedAt, status, durationSeconds: duration, inputs })
    await store.runs.report([{ id, decide }])
    known.set(id, run)
  }
}

export function changes(open: OpenHistory, numRuns = histories): void {
  test(
    'what was counted before runs came, changed and went is counted as if for the first time',
    async () => {
      const world = await open()
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 12 }), async (steps) => {
          await world.clear()
          const { history } = world.store
          const known = new Map<string, Known>()
          for (const step of steps) {
            await take(world, known, step)
            for (const { filter, holds } of selected) {
              const runs = [...known.values()].filter(holds).sort((a, b) => b.startedAt - a.startedAt)
              const selection = selectionOf(filter)
              expect(await history.countAhead(selection, true)).toBe(true)
              expect(await history.count(selection)).toEqual({
                runs: runs.length,
                byStatus: byStatus(runs),
                isExact: true,
              })
              const { p50, runs: charted } = await history.figures(selection, at + 60 * minuteMs, utc)
              const durations = runs.map(({ duration }) => duration).sort((a, b) => a - b)
              expect({ p50, charted }).toEqual({
                p50: durations[Math.ceil(durations.length / 2) - 1],
                charted: runs.length,
              })
            }
          }
        }),
        { numRuns },
      )
    },
    timeoutMs,
  )
}
