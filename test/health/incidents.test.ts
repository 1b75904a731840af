import { expect, test } from 'vitest'
import { createIncidents } from '../../src/orchestrator/health/records/incidents.ts'
import { hourMs, minuteMs } from '../support/agents/agent-history.ts'
import { createRunTable } from '../support/store/run-table.ts'
import { openTestStore } from '../support/store/store.ts'

const checkMs = 10_000
const mostIncidents = 10

function withIncidents() {
  const { store, clock } = openTestStore()
  const runs = createRunTable(store)
  const incidents = createIncidents({ store: store.health, now: clock.now, maxRunMs: 24 * hourMs })
  const began = clock.now() - 3 * hourMs
  let ids = 0
  return {
    clock,
    began,
    incidents,
    list: (most = mostIncidents) => incidents.list('writer', checkMs, most),
    async down(startedAt: number, endedAt?: number, agentId = 'writer', reason = 'connection refused') {
      await store.health.beginIncident(agentId, startedAt, reason)
      if (endedAt !== undefined) await store.health.endIncidents(agentId, endedAt)
    },
    /** A run of the agent that ended at a moment. */
    async run(status: string, completedAt: number | null, tookMs = 1000, agentId = 'writer') {
      const id = `run-${ids++}`
      const startedAt = (completedAt ?? clock.now()) - tookMs
      await runs.insert({ id, workflowName: agentId, agentId, status, startedAt, completedAt })
      return id
    },
    hit: async () => (await incidents.list('writer', checkMs, mostIncidents)).incidents[0]!.runs.map(({ id }) => id),
  }
}

test('incidents are told newest first, the one that lasts without an end', async () => {
  const { list, down, began } = withIncidents()
  await down(began, began + minuteMs)
  await down(began + hourMs, began + 2 * hourMs, 'writer', 'no answer within 3 s')
  await down(began + 1.5 * hourMs, undefined, 'another')
  await down(began + 2.5 * hourMs)
  expect(await list()).toEqual({
    incidents: [
      { startedAt: began + 2.5 * hourMs, endedAt: undefined, reason: 'connection refused', runs: [], allRuns: 0 },
      {
        startedAt: began + hourMs,
        endedAt: began + 2 * hourMs,
        reason: 'no answer within 3 s',
        runs: [],
        allRuns: 0,
      },
      { startedAt: began, endedAt: began + minuteMs, reason: 'connection refused', runs: [], allRuns: 0 },
    ],
    hasMore: false,
  })
  expect(await list(2)).toMatchObject({ incidents: [{}, {}], hasMore: true })
  expect((await list(3)).hasMore).toBe(false)
})

test('the runs that an incident hit are those that failed or were lost while it lasted', async () => {
  const { down, run, hit, began } = withIncidents()
  await down(began, began + hourMs)
  await run('failed', began - minuteMs)
  await run('failed', began + hourMs + minuteMs)
  await run('completed', began + 20 * minuteMs)
  await run('cancelled', began + 20 * minuteMs)
  await run('failed', began + 20 * minuteMs, 1000, 'another')
  await run('running', null, 2.5 * hourMs)
  const failed = await run('failed', began + 10 * minuteMs)
  const lost = await run('lost', began + 30 * minuteMs, 20 * hourMs)
  expect(await hit()).toEqual([failed, lost])
})

test('a run counts that failed before the next check could tell, and one whose lost job was asked for afterwards', async () => {
  const { down, run, hit, began } = withIncidents()
  await down(began, began + hourMs)
  const failed = await run('failed', began - checkMs + 1)
  const lost = await run('lost', began + hourMs + minuteMs - 1, hourMs)
  await run('failed', began + hourMs + minuteMs - 1)
  expect(await hit()).toEqual([lost, failed])
})

test('of many runs the latest few are named, and the others counted', async () => {
  const { down, run, list, began } = withIncidents()
  await down(began)
  const ids: string[] = []
  for (let index = 0; index < 9; index++) ids.push(await run('failed', began + index * minuteMs))
  const [incident] = (await list()).incidents
  expect(incident!.runs.map(({ id }) => id)).toEqual(ids.slice(-4).reverse())
  expect(incident!.runs[0]).toEqual({ id: ids[8], status: 'failed', startedAt: began + 8 * minuteMs - 1000 })
  expect(incident!.allRuns).toBe(9)
})

test('down times of a range are those that reach into it', async () => {
  const { incidents, down, began } = withIncidents()
  await down(began - 5 * hourMs, began - 4 * hourMs)
  await down(began - minuteMs, began + minuteMs)
  await down(began + hourMs)
  expect(await incidents.downtimes('writer', began)).toEqual({
    latest: [
      { startedAt: began + hourMs, endedAt: undefined, reason: 'connection refused' },
      { startedAt: began - minuteMs, endedAt: began + minuteMs, reason: 'connection refused' },
    ],
    since: undefined,
  })
})

test('of many down times the latest are known, and since when', async () => {
  const { incidents, down, began, clock } = withIncidents()
  for (let index = 0; index < 501; index++) await down(began + index * 1000, began + index * 1000 + 500)
  const { latest, since } = await incidents.downtimes('writer', began)
  expect([latest.length, since]).toEqual([500, began + 1000])
  expect((await incidents.downtimes('writer', began + 600)).since).toBeUndefined()
  expect((await incidents.downtimes('writer', clock.now())).latest).toEqual([])
})
