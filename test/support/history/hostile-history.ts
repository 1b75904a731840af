import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { openDashboard } from '../dashboard.ts'
import { insertRuns } from '../runs/runs.ts'
import { insertStates, nodeState } from '../runs/states.ts'
import { connect } from '../store/store.ts'
import { temporaryFile } from '../temporary.ts'

/** Everything that an agent or user can say, made by one rule: `say(length)` makes a text of at most that length. */
type Say = (length: number) => string

/** An agent that answers everything with what `say` makes of it. */
async function startTalker(say: Say) {
  const inputs = Object.fromEntries(
    [1, 2].map((n) => [
      `${n}${say(200)}`,
      { type: say(300), required: true, default: say(300), description: say(900) },
    ]),
  )
  const server = createServer((request, response) => {
    const path = request.url!.split('/').at(-1)!
    const failed = { status: say(300), reason: say(900), detail: `said ${say(900)}` }
    const body = path === 'schema' ? { workflow: say(256), inputs, outputs: [say(200)] } : failed
    const status = path === 'schema' ? 200 : path === 'run' ? 500 : 503
    response
      .writeHead(status, { 'content-type': 'application/json', [`x-${say(40)}`]: encodeURIComponent(say(400)) })
      .end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A dashboard of which everything that can be said by others is said by `say`, and pages that show all of it. */
export async function openTalkedInto(say: Say) {
  const port = await startTalker(say)
  const dashboard = await openDashboard({
    db: temporaryFile(`${say(60)}.db`),
    env: { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '3600' },
  })
  const post = (path: string, body: object) =>
    fetch(dashboard.url + path, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', prefer: 'wait=20' },
      body: JSON.stringify(body),
    })
  const agents = ['a', 'b'].map((letter) => letter + say(254))
  for (const id of agents) {
    const metadata = JSON.stringify({ description: say(1500) })
    const agent = { agent_id: id, agent_name: say(256), host: '127.0.0.1', port, ttl_seconds: 3600, metadata }
    expect((await post('/agents/register', agent)).status, 'the agent is registered').toBe(200)
  }
  connect(dashboard.db)
    .prepare('UPDATE agents SET base_url = ?')
    .run(`http://127.0.0.1:${port}/${say(900)}`)
  // Until both are down: a check may join one that is under way.
  await expect
    .poll(async () => {
      for (const id of agents) await post(`/orchestrator/${encodeURIComponent(id)}/check`, {})
      return (await fetch(`${dashboard.url}/orchestrator`, { headers: { accept: 'text/html' } })).text()
    })
    .toContain('2 down')
  await post(`/orchestrator/${encodeURIComponent(agents[0]!)}/execute`, {
    inputs: { [`1${say(200)}`]: say(50), [`2${say(200)}`]: say(50) },
  })
  const payload = JSON.stringify({
    one: say(900),
    two: { [say(200)]: say(900) },
    three: 123456789012345680000,
    [say(60)]: [say(50)],
  })
  const usual = {
    inputs: payload,
    outputs: payload,
    total_tokens: 123456789,
    total_cost_usd: 12345.67,
    duration_seconds: 3,
  }
  const now = Date.now()
  await insertRuns(dashboard, [
    ...['failed', 'completed', 'running', say(32)].map((status, index) => ({
      ...usual,
      id: `${index}${say(35)}`,
      status,
      error_message: status === 'failed' ? say(2000) : null,
      workflow_name: index === 2 ? say(256) : agents[0]!,
      agent_id: index === 2 ? null : agents[0]!,
      agent_workflow: say(256),
      started_at: toDatetime(now - index * 60_000),
    })),
  ])
  const first = `0${say(35)}`
  await insertStates(dashboard, [
    { run: first, node: say(128), data: nodeState(say(128), 2, { model: say(200) }), after: 3 },
    { run: first, node: `n${say(127)}`, data: { node_id: say(128), status: say(50), error: say(900) }, after: 5 },
  ])
  const [agent, run] = [encodeURIComponent(agents[0]!), encodeURIComponent(first)]
  const [one, two] = [`in.one`, `out.two.${JSON.stringify(say(200))}`].map(encodeURIComponent)
  return {
    ...dashboard,
    pages: {
      overview: '/',
      orchestrator: '/orchestrator',
      agent: `/orchestrator/${agent}`,
      edit: `/orchestrator/${agent}/edit`,
      remove: `/orchestrator/${agent}/remove`,
      execute: `/orchestrator/${agent}/execute`,
      runs: '/runs',
      'pinned columns': `/runs?columns=status&columns=id&columns=agent&columns=workflow&columns=error&columns=${one}&columns=${two}&columns=out.one&columns=in.three`,
      'filtered runs': `/runs?agent=${agent}&workflow=${encodeURIComponent(say(256))}&q=${encodeURIComponent(`-"zz ${say(90)}"`)}`,
      run: `/runs/${run}`,
      compare: `/runs/compare?a=${run}&b=${encodeURIComponent(`1${say(35)}`)}`,
      choose: `/runs/compare?b=${run}`,
      system: '/system',
      missing: `/${encodeURIComponent(say(200))}`,
    },
  }
}
