import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { api, ended, execute, register, type TestApp } from '../support/app.ts'
import { openTwo, until } from '../support/cluster/two-dashboards.ts'
import { endurance, seed } from '../support/endurance.ts'
import { createRandom } from '../support/random.ts'

const asHtmx = { 'hx-request': 'true', 'hx-request-type': 'partial', accept: 'text/html' }
const rarely = { healthIntervalSeconds: 3600 }

async function shown(app: TestApp, url: string) {
  const { headers, payload } = await app.inject({ url, headers: asHtmx })
  return { tag: headers.etag, payload }
}

/** Twice in a row: what is alike for a moment alone may be so by chance. */
async function expectAlike(apps: [TestApp, TestApp], ids: string[], said: string) {
  const all = ['/', '/orchestrator/health-check', ...ids.map((id) => `/orchestrator/${id}`)]
  await until(async () => {
    for (const _ of 'ab') {
      for (const url of all) {
        const [one, two] = [await shown(apps[0], url), await shown(apps[1], url)]
        if (one.tag !== two.tag) expect(two.payload, `${url} after ${said}`).toBe(one.payload)
      }
    }
  })
}

const checksOf = async (app: TestApp, id = 'writer') =>
  (await api(app, 'GET', '/orchestrator')).json.agents.find((one: { agent_id: string }) => one.agent_id === id).checks

test('an agent that is registered where nobody checks agents has the checks of the record, on both', async () => {
  const [one, two] = await openTwo(rarely)
  const agent = await startAgent()
  await register(two, agent.url)
  expect((await api(two, 'GET', '/orchestrator')).json.agents[0].status).toBe('healthy')
  await until(async () => expect(await checksOf(one)).toHaveLength(1))
  await until(async () => expect(await checksOf(two)).toEqual(await checksOf(one)))
  await expectAlike([one, two], ['writer'], 'a registration')
})

test('an answer to a run is known of on both, whichever it was sent by', async () => {
  const [one, two] = await openTwo(rarely)
  const agent = await startAgent()
  await register(one, agent.url)
  const seenAt = async (app: TestApp) => Date.parse((await api(app, 'GET', '/orchestrator')).json.agents[0].last_seen)
  for (const app of [one, two]) await until(async () => expect(await seenAt(app)).toBeGreaterThan(0))
  for (const app of [two, one]) {
    const before = Math.max(await seenAt(one), await seenAt(two))
    await ended(app, await execute(app, 'writer'))
    await until(async () => expect(await seenAt(one)).toBeGreaterThan(before))
    await until(async () => expect(await seenAt(two)).toBe(await seenAt(one)))
  }
})

test('whatever is done to agents by either, both show the same', async () => {
  const apps = await openTwo(rarely)
  const healthy = json({ status: 'healthy' })
  const agents = await Promise.all([startAgent({ health: healthy }), startAgent({ health: healthy })])
  const random = createRandom(seed)
  const any = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!
  const known = new Set<string>()
  const ids = ['writer', 'editor', 'printer']

  const deeds: Record<string, (app: TestApp, id: string) => Promise<unknown>> = {
    async register(app, id) {
      await register(app, any(agents).url, id, id)
      known.add(id)
    },
    async remove(app, id) {
      await api(app, 'DELETE', `/orchestrator/${id}`)
      known.delete(id)
    },
    pause: (app, id) => api(app, 'POST', `/orchestrator/${id}/pause`),
    resume: (app, id) => api(app, 'POST', `/orchestrator/${id}/resume`),
    edit: (app, id) => api(app, 'POST', `/orchestrator/${id}/edit`, { agent_url: any(agents).url, agent_name: id }),
    check: (app, id) => api(app, 'POST', `/orchestrator/${id}/check`),
    async fail(app, id) {
      const [agent] = agents
      agent!.handlers.health = any([healthy, json({ status: 'degraded', reason: 'tired' }), json({}, 500)])
      await api(app, 'POST', `/orchestrator/${id}/check`)
    },
  }

  for (let round = 0; round < endurance(6, 60); round++) {
    const done: string[] = []
    for (const _ of 'abcd') {
      const [name, app, id] = [any(Object.keys(deeds)), any(apps), any(ids)]
      if (name !== 'register' && !known.has(id)) continue
      await deeds[name]!(app, id)
      done.push(`${name} ${id} by ${app === apps[0] ? 'one' : 'two'}`)
    }
    await expectAlike(apps, [...known], done.join(', '))
  }
}, 120_000)
