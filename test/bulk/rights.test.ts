import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { addUser, ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { startAgent } from '../support/agents/agent.ts'
import type { TestApp } from '../support/app.ts'
import { createTestClock, settle, type TestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'

type Headers = Record<string, string>

/** An action on 300 runs that has dealt with some of them, started by whoever sends these headers. */
async function begun(app: TestApp, clock: TestClock, headers: Headers, action = 'delete') {
  await insertRuns(app, Array(300).fill({ workflow_name: 'writer', agent_id: 'writer', status: 'failed' }))
  const answer = await app.inject({
    ...{ method: 'POST', url: '/runs/bulk' },
    headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
    payload: JSON.stringify({ action, filter: 'status=failed', confirm: true }),
  })
  expect(answer.statusCode, answer.payload).toBe(202)
  await clock.advance(15)
  return answer.json().bulk_id as string
}

async function untilOver(app: TestApp, clock: TestClock, cookie: string, id: string) {
  for (;;) {
    const job = (await ask(app, cookie, `/runs/bulk/${id}`)).json()
    if (job.status === 'done' || job.status === 'stopped') return job
    await clock.advance(300)
    await settle()
  }
}

async function start() {
  const clock = createTestClock()
  const app = await buildAppWithUsers({ ann: 'admin' }, {}, { clock })
  const { users, tokens } = app.orchestrator.access
  const { id: olga } = await addUser(app, 'olga', 'admin')
  const token = await tokens.create(
    { name: 'nightly', kind: 'api', role: 'admin', agents: null, expiresInDays: 1 },
    localActor,
  )
  const cookie = await cookieFor(app, 'ann')
  const byOlga = async () => ({ cookie: await cookieFor(app, 'olga') })
  return { app, clock, users, tokens, olga, token, cookie, byOlga }
}
type Started = Awaited<ReturnType<typeof start>>
const byToken = async ({ token }: Started) => ({ authorization: `Bearer ${token.secret}` })

test.each<[string, (on: Started) => Promise<Headers>, (on: Started) => Promise<unknown>, string]>([
  [
    'a user was removed',
    ({ byOlga }) => byOlga(),
    ({ users, olga }) => users.remove(olga, localActor),
    'olga, who started it, was removed.',
  ],
  [
    'a user may no longer delete runs',
    ({ byOlga }) => byOlga(),
    ({ users, olga }) => users.change(olga, { role: 'operator' }, localActor),
    'olga, who started it, has the role operator now.',
  ],
  [
    'a token was removed',
    byToken,
    ({ tokens, token }) => tokens.remove(token.token.id, localActor),
    'The token "nightly", which started it, was removed.',
  ],
  [
    'a token has expired',
    byToken,
    ({ clock }) => Promise.resolve(clock.jump(25 * 3600_000)),
    'The token "nightly", which started it, has expired.',
  ],
])('an action stops at its next step once %s, and says why', async (_, who, takeAway, reason) => {
  const on = await start()
  const { app, clock } = on
  const id = await begun(app, clock, await who(on))
  await takeAway(on)
  const cookie = await cookieFor(app, 'ann')
  const job = await untilOver(app, clock, cookie, id)
  expect(job).toMatchObject({ status: 'stopped', stop_reason: reason, total: 300 })
  expect(job.done).toBeGreaterThan(0)
  expect(job.done).toBeLessThan(300)

  const html = { headers: { accept: 'text/html' } }
  const page = parse((await ask(app, cookie, `/runs/bulk/${id}`, html)).payload)
  const note = page.querySelector('.bulk-note')!
  expect(note.textContent).toContain(`Stopped at ${job.done} of 300. ${reason}`)
  const [entry] = (await ask(app, cookie, '/settings/audit?action=bulk.end')).json().entries
  expect(entry).toMatchObject({ by: { id: 'dashboard' }, details: { state: 'stopped', done: job.done, reason } })
  expect(parse((await ask(app, cookie, '/settings/audit', html)).payload).textContent).toContain(reason)
})

test('an action goes on while its starter may do it, on the agents that they still see', async () => {
  const on = await start()
  const { app, clock, users, olga, cookie } = on
  const asOlga = await on.byOlga()
  await users.change(olga, { role: 'operator' }, localActor)
  const cancels = await begun(app, clock, asOlga, 'cancel')
  await users.change(olga, { role: 'admin' }, localActor)
  expect(await untilOver(app, clock, cookie, cancels)).toMatchObject({
    status: 'done',
    left_out: 300,
    stop_reason: null,
  })
})

test('an action leaves alone what its starter sees no more', async () => {
  const { app, clock, users, olga, cookie, byOlga } = await start()
  await users.change(olga, { role: 'operator' }, localActor)
  const id = await begun(app, clock, await byOlga(), 'cancel')
  const poet = { agent_id: 'poet', agent_name: 'Poet', agent_url: (await startAgent()).url }
  await app.inject({
    ...{ method: 'POST', url: '/orchestrator/register', payload: JSON.stringify(poet) },
    headers: { accept: 'application/json', 'content-type': 'application/json', cookie },
  })
  await users.change(olga, { agents: ['poet'] }, localActor)
  const job = await untilOver(app, clock, cookie, id)
  expect(job.status).toBe('done')
  expect(job.left_out).toBeGreaterThan(0)
  expect(job.left_out).toBeLessThan(300)
})
