import type { InjectOptions } from 'fastify'
import { expect, onTestFinished } from 'vitest'
import type { Config } from '../../../src/config.ts'
import { systemClock } from '../../../src/shared/time/clock.ts'
import { deleteRuns } from '../../../src/store/postgres/runs/deletion.ts'
import { sql } from '../../../src/store/postgres/sql/drizzle.ts'
import { json, silence, startAgent } from '../agents/agent.ts'
import { insertRuns } from '../runs/runs.ts'
import { insertStates, nodeState } from '../runs/states.ts'
import { changeBeside } from '../store/beside.ts'
import { openedPostgres } from '../store/database.ts'
import { rawRows } from '../store/raw.ts'
import { addUser, ask, buildAppWithUsers, cookieFor } from './people.ts'

/** In all that is of the other agent, and of no agent. */
export const planted = 'zqplanted'
const other = `other-${planted}`
const begin = Date.UTC(2026, 10, 22, 16, 14, 30)
const description = (word: string) => ({ description: `Tells of ${word}`, metadata: { tags: [word], team: word } })

export type SomeAgentsWorld = Awaited<ReturnType<typeof someAgentsWorld>>

/** Two agents with runs of every kind, `own` and another. Vic (viewer) and Olga (operator) see `own` alone, Ann sees both. */
export async function someAgentsWorld(config: Partial<Config> = {}) {
  const [agent, otherAgent] = [await startAgent(), await startAgent()]
  /** Stands still, so that answers of one moment are alike. */
  let now = begin
  const clock = { ...systemClock, now: () => now }
  const app = await buildAppWithUsers({ ann: 'admin', [`${planted}-admin`]: 'admin' }, config, { clock })
  const ann = await cookieFor(app, 'ann')
  const otherAdmin = await cookieFor(app, `${planted}-admin`)
  const otherAddress = otherAgent.url.replace('http://', '')

  const send = (cookie: string, url: string, body: object, more: InjectOptions = {}) =>
    ask(app, cookie, url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(body),
      ...more,
    })

  async function done(cookie: string, url: string, body: object) {
    const answer = await send(cookie, url, body)
    expect(answer.statusCode, answer.payload).toBeLessThan(300)
    return answer.json()
  }

  async function addAgent(cookie: string, id: string, url: string, word: string): Promise<void> {
    const more = description(word)
    await done(cookie, '/orchestrator/register', { agent_id: id, agent_name: `Agent ${word}`, agent_url: url, ...more })
  }

  async function execute(cookie: string, id: string, topic: string): Promise<string> {
    const { run_id } = await done(cookie, `/orchestrator/${id}/execute`, { inputs: { topic, tags: [topic] } })
    return run_id
  }

  async function ended(id: string): Promise<void> {
    await expect.poll(async () => (await ask(app, ann, `/runs/${id}`)).json().status).toMatch(/completed|failed/)
  }

  /** Completed, failed, reported, recorded by Python with states, and repeated. */
  async function addRuns(cookie: string, id: string, { handlers }: typeof agent, word: string): Promise<void> {
    handlers.schema = json({
      workflow: `flow_${word}`,
      inputs: {
        topic: { type: 'str', required: true, default: null, description: `About ${word}` },
        tags: { type: 'list[str]', required: false, default: null, description: '' },
        [`field_${word}`]: { type: 'str', required: false, default: word, description: word },
      },
      outputs: ['result'],
    })
    await ask(app, cookie, `/orchestrator/${id}/schema`)
    handlers.run = json({
      status: 'success',
      execution_time_ms: 225,
      outputs: { [`result_${word}`]: `${word} and jazz` },
    })
    const completed = await execute(cookie, id, `${word} and jazz`)
    await ended(completed)
    await ended((await done(cookie, `/runs/${completed}/rerun`, {})).run_id)
    handlers.run = json({ detail: `No ${word} today, jazz` }, 500)
    await ended(await execute(cookie, id, word))
    await done(cookie, '/runs', {
      ...{ run_id: `reported-${word}`, workflow_name: `flow_${word}`, agent_id: id, status: 'completed' },
      started_at: '2026-11-22T16:00:00Z',
      completed_at: '2026-11-22T16:00:09Z',
      inputs: { topic: word },
      outputs: { result: word },
      ...{ total_tokens: 100, total_cost_usd: 0.25 },
    })
    await insertRuns(app, [
      {
        ...{ id: `python-${word}`, workflow_name: id, started_at: '2026-11-22 15:00:00.000000' },
        ...{ inputs: JSON.stringify({ topic: word }), outputs: JSON.stringify({ result: word }), total_cost_usd: 0.5 },
      },
    ])
    await insertStates(app, [{ run: `python-${word}`, node: `node_${word}`, data: nodeState(word, 2) }])
  }

  await addAgent(ann, 'own', agent.url, 'own')
  await addAgent(otherAdmin, other, otherAgent.url, planted)
  await addRuns(ann, 'own', agent, 'own')
  await addRuns(otherAdmin, other, otherAgent, planted)
  const ofNone = { workflow_name: `local_${planted}`, error_message: `${planted} and jazz`, total_cost_usd: 1 }
  const localRun = {
    ...ofNone,
    id: `local-${planted}`,
    status: `odd_${planted}`,
    started_at: '2026-11-22 15:30:00.000000',
  }
  await insertRuns(app, [localRun])
  await insertStates(app, [{ run: localRun.id, node: `node_${planted}`, data: nodeState(planted, 2) }])

  const view = { name: `Runs of ${planted}`, filter: `agent=${other}&q=${planted}` }
  const { view_id: otherView } = await done(otherAdmin, '/runs/views', view)
  await done(otherAdmin, `/runs/views/${otherView}`, { shared: true })
  const failedView = await done(ann, '/runs/views', { name: 'All that failed', filter: 'status=failed' })
  await done(ann, `/runs/views/${failedView.view_id}`, { shared: true })
  const { bulk_id: otherBulk } = await done(otherAdmin, '/runs/bulk', {
    ...{ action: 'cancel', filter: { agent: [other] }, confirm: true },
  })
  await expect.poll(async () => (await ask(app, ann, `/runs/bulk/${otherBulk}`)).json().status).toBe('done')

  // Two failures in a row.
  otherAgent.handlers.health = json({ status: `unhealthy ${planted}` }, 500)
  for (let check = 0; check < 3; check++) await ask(app, ann, `/orchestrator/${other}/check`, { method: 'POST' })

  await addUser(app, 'vic', 'viewer', ['own'])
  await addUser(app, 'olga', 'operator', ['own'])
  const cookies = { ann, vic: await cookieFor(app, 'vic'), olga: await cookieFor(app, 'olga') }

  now += 60_000
  async function idsOfRuns(isOwn: boolean): Promise<string[]> {
    const are = isOwn ? '=' : '<>'
    const found = await rawRows<{ id: string }>(
      app,
      `SELECT id FROM workflow_runs WHERE workflow_name ${are} 'own' ORDER BY id`,
      `SELECT id FROM runs WHERE agent ${are} 'own' ORDER BY id`,
    )
    return found.map(({ id }) => id)
  }

  return {
    ...{ app, cookies, agent, otherAgent, other, otherView, otherBulk, send, execute, idsOfRuns },

    /** What is of others in an answer, headers included. */
    async leaksIn({ headers, payload }: { headers: object; payload: string }): Promise<string[]> {
      const all = `${JSON.stringify(headers)} ${payload}`.toLowerCase()
      const secrets = [planted, otherAddress, otherView, otherBulk, ...(await idsOfRuns(false))]
      return secrets.filter((secret) => all.includes(secret.toLowerCase()))
    },

    /** A bulk action of the admin, whose turn does not come. */
    async addWaitingBulk(): Promise<void> {
      const startedBy = JSON.stringify({ id: 'user:other', name: planted, role: 'admin', agents: null })
      const waiting = `'waiting-${planted}', 'token', 'cancel', 'waiting', 'agent=${other}', 0, 0, 0`
      await changeBeside(
        app,
        `INSERT INTO bulk_jobs (id, token, action, state, filter, done, left_out, failed, created_at, started_by)
         VALUES (${waiting}, ${now}, '${startedBy}')`,
        `INSERT INTO bulk_actions (id, token, action, state, filter, done, left_out, failed, created_at, started_by, number)
         VALUES (${waiting}, ${now}, '${startedBy}', 1000)`,
      )
    },

    /** A run of the other agent takes the only slot, and one of ours waits for it. */
    async holdSlot(): Promise<string> {
      otherAgent.handlers.run = silence
      // Before the dashboard stops, which would wait for the run.
      onTestFinished(otherAgent.close)
      await execute(ann, other, planted)
      return execute(cookies.olga, 'own', 'own')
    },

    /** Leaves the runs and the agent that Vic and Olga see. */
    async removeOthers(): Promise<void> {
      expect((await ask(app, ann, `/orchestrator/${other}`, { method: 'DELETE' })).statusCode).toBe(200)
      const base = openedPostgres(app.db)
      await base?.write((session) => deleteRuns(session, sql`agent <> 'own'`))
      if (!base) await changeBeside(app, "DELETE FROM workflow_runs WHERE workflow_name <> 'own'")
      // Another program's change is known a second later.
      await expect
        .poll(async () => (await ask(app, ann, '/runs?limit=500')).json().runs.length)
        .toBe((await idsOfRuns(true)).length)
    },
  }
}
