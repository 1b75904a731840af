import { expect, test } from 'vitest'
import { fillExample } from '../../demo/example/fill.ts'
import { demoAgents } from '../../demo/fleet/agents.ts'
import { systemClock } from '../../src/shared/time/clock.ts'
import { openStore } from '../../src/store/sqlite/file/open.ts'
import { connect } from '../support/store/store.ts'
import { temporaryFolder } from '../support/temporary.ts'

const now = Date.UTC(2026, 10, 22, 16, 0, 0)

async function filled() {
  const db = `${temporaryFolder()}/example.db`
  const store = openStore(db, systemClock)
  await fillExample(store, now, { runShare: 0.03, healthHoursMs: 0 })
  await store.close()
  const file = connect(db)
  return { all: (query: string) => file.prepare(query).all() as Record<string, string | number | null>[] }
}

test('the example has every agent of the demo, and the log of each run that was sent', async () => {
  const { all } = await filled()
  expect(all('SELECT agent_id FROM agents').map(({ agent_id }) => agent_id)).toEqual(
    demoAgents.map(({ id }) => id).sort(),
  )
  const runs = all(
    `SELECT status, outputs, (SELECT group_concat(kind) FROM run_events WHERE run_id = r.id) AS events,
      (SELECT count(*) FROM run_exchanges WHERE run_id = r.id) AS exchanges
     FROM workflow_runs r WHERE agent_id IS NOT NULL`,
  )
  expect(runs.length).toBeGreaterThan(50)
  for (const { status, events, exchanges, outputs } of runs) {
    expect(events).toMatch(new RegExp(`^accepted,(sent,)?(job,)?${status}$`))
    expect(exchanges).toBeGreaterThan(0)
    expect(outputs !== null).toBe(status === 'completed')
  }
  expect(new Set(runs.map(({ status }) => status))).toContain('failed')
})

test('the latency of the whole day is in the example, and why two agents are down', async () => {
  const { all } = await filled()
  const [day] = all(
    `SELECT count(DISTINCT at / 3600000) AS hours FROM health_rollups WHERE agent_id = 'summarizer' AND span = 60`,
  )
  expect(day!.hours).toBeGreaterThanOrEqual(24)
  expect(all('SELECT agent_id, reason FROM health_incidents WHERE ended_at IS NULL ORDER BY 1')).toEqual([
    { agent_id: 'invoice-reader', reason: 'HTTP 503: model quota exhausted' },
    { agent_id: 'web-scraper', reason: 'connection refused' },
  ])
})

test('the same code writes the same example', async () => {
  const [first, second] = [await filled(), await filled()]
  for (const table of ['workflow_runs', 'run_exchanges', 'health_rollups', 'execution_states']) {
    expect(first.all(`SELECT * FROM ${table}`), table).toEqual(second.all(`SELECT * FROM ${table}`))
  }
})
