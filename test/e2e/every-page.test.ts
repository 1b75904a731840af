import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { useBrowser } from '../support/browser/browser.ts'
import { misfitsOf } from '../support/browser/walk.ts'
import { openDashboard } from '../support/dashboard.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { insertStates } from '../support/runs/states.ts'

const openPage = useBrowser()

/** Nothing in it can be broken. */
const long = (word: string, length = 120) => word.repeat(Math.ceil(length / word.length)).slice(0, length)
const id = long('agent-of-many-letters-', 60)

async function post(url: string, body: object): Promise<void> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(response.status, await response.text()).toBe(200)
}

/** Agents and runs that say more than fits, in words that cannot be broken. */
async function openHostile() {
  const workflow = long('workflow_without_end_')
  const input = { type: 'str', required: true, default: null, description: long('Description') }
  const agent = await startAgent({
    schema: json({ workflow, inputs: { [long('input_', 80)]: input }, outputs: [long('output_', 80)] }),
  })
  const gone = await startAgent()
  const dashboard = await openDashboard({ env: { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '3600' } })
  const described = { metadata: { description: long('Description', 900) } }
  const register = (agent_id: string, agent_url: string) =>
    post(`${dashboard.url}/orchestrator/register`, { agent_id, agent_name: long('Name', 100), agent_url, ...described })
  await register(id, agent.url)
  agent.handlers.health = json({ status: long('degraded-by-something-') })
  await post(`${dashboard.url}/orchestrator/${id}/check`, {})
  await register('down', gone.url)
  await gone.close()
  for (const _ of [1, 2, 3]) await post(`${dashboard.url}/orchestrator/down/check`, {})
  const payload = JSON.stringify({
    [long('name_', 80)]: long('value', 3000),
    list: ['https://example.com/'.concat(long('x', 300))],
  })
  const common = { agent_id: id, workflow_name: id, agent_workflow: workflow, inputs: payload, duration_seconds: 1e6 }
  await insertRuns(dashboard, [
    { ...common, id: 'well', outputs: payload, total_tokens: 1e12, total_cost_usd: 1e7 },
    { ...common, id: 'failed', status: 'failed', error_message: long('unbreakable-error', 2000) },
    { id: 'local', workflow_name: workflow, inputs: payload, outputs: payload },
  ])
  await insertStates(dashboard, [{ run: 'local', node: long('node_'), data: payload }])
  return dashboard
}

const paths = [
  '/',
  '/orchestrator',
  '/orchestrator/down',
  `/orchestrator/${id}`,
  `/orchestrator/${id}/execute`,
  '/orchestrator/down/edit',
  '/orchestrator/down/remove',
  '/runs',
  '/runs/well',
  '/runs/failed',
  '/runs/local',
  '/runs/compare?a=well&b=failed',
  '/system',
  '/system/checks',
  '/docs/api',
  '/no-such-page',
]

test('every page fits, whatever is in it, and axe finds nothing', { timeout: 240_000 }, async () => {
  const { url } = await openHostile()
  const page = await openPage({ bypassCSP: true })
  const found: string[] = []
  for (const path of paths) {
    await page.goto(url + path)
    found.push(...(await misfitsOf(page)).map((one) => `${path}: ${one}`))
  }
  expect(found).toEqual([])
})
