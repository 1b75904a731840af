import { expect, test } from 'vitest'
import type { Overrides } from '../../../src/app.ts'
import { localActor } from '../../../src/shared/actor.ts'
import { cookieFor } from '../../support/access/people.ts'
import { announcement, asPython } from '../../support/agents/announced.ts'
import { buildTestApp, type TestApp } from '../../support/app.ts'
import { until } from '../../support/cluster/two-dashboards.ts'
import { openPoller, type Poller, polledAgents } from '../../support/network/poller.ts'
import { testDatabase } from '../../support/postgres/database.ts'
import { openGivenStore, sharedKey } from '../../support/store/database.ts'

const repeated = { status: 304, isRepeated: true }
const full = (status: number) => ({ status, isRepeated: false })

/** Somebody who polls one of two dashboards on a database. */
async function openBeside(asked: Omit<Parameters<typeof openPoller>[0], 'config'>) {
  const { url: db } = await testDatabase()
  const config = { db, secretKey: sharedKey }
  const poller = await openPoller({ ...asked, config })
  const other = await buildTestApp({ ...config, port: 8002 }, { clock: poller.clock })
  return { ...poller, other }
}

type Change = (other: TestApp, poller: Poller) => Promise<unknown>

const run = { run_id: 'a', workflow_name: 'nightly', status: 'completed' }
const times = { started_at: '2026-11-22T16:14:30Z', completed_at: '2026-11-22T16:14:31Z' }
const as = (cookie: string) => ({ headers: { cookie } })

test.each<[string, string, number, Change]>([
  [
    'takes in a run',
    '/runs',
    200,
    async (other, { app }) => {
      const taken = await asPython(other, 'POST', '/runs', { ...run, ...times }, as(await cookieFor(app, 'ann')))
      expect(taken.status).toBeLessThan(300)
    },
  ],
  [
    'registers an agent',
    polledAgents,
    200,
    async (other, { app }) => {
      const reader = { ...announcement, agent_id: 'reader' }
      const cookie = await cookieFor(app, 'ann')
      expect((await asPython(other, 'POST', '/agents/register', reader, as(cookie))).status).toBe(200)
    },
  ],
  [
    'logs them out',
    polledAgents,
    401,
    async (other, { as: headers }) => other.inject({ method: 'POST', url: '/logout', headers }),
  ],
  [
    'gives them another role',
    polledAgents,
    200,
    async (other) => {
      const { access, others } = other.orchestrator
      await access.users.change((await access.users.named('vic')).id, { role: 'viewer' }, localActor)
      await others!.told()
    },
  ],
])('a poll is repeated on PostgreSQL until another dashboard %s', async (_, url, status, change) => {
  const poller = await openBeside({ url })
  // The start of the other one has moved much.
  await until(async () => expect(await poller.again()).toMatchObject(repeated))
  await change(poller.other, poller)
  expect(await poller.again()).toMatchObject(full(status))
})

test('a poll waits until its dashboard has heard what others did', async () => {
  let gate = Promise.resolve()
  const openStore: Overrides['openStore'] = async (...given) => {
    const store = await openGivenStore(...given)
    const { heard } = store.cluster!
    return Object.assign(store, { cluster: { ...store.cluster!, heard: () => gate.then(heard) } })
  }
  const { other, again, as: headers } = await openBeside({ overrides: { openStore } })
  await until(async () => expect(await again()).toMatchObject(repeated))
  let open = () => {}
  gate = new Promise((resolve) => {
    open = resolve
  })
  const answer = again()
  expect((await other.inject({ method: 'POST', url: '/logout', headers })).statusCode).toBeLessThan(400)
  open()
  expect(await answer).toMatchObject(full(401))
})
