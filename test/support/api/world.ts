import { v7 as uuidv7 } from 'uuid'
import type { Config } from '../../../src/config.ts'
import { silence, startAgent } from '../agents/agent.ts'
import { api, buildTestApp, ended, execute, register } from '../app.ts'
import { insertStates, nodeState } from '../runs/states.ts'
import { rawRows } from '../store/raw.ts'
import { isOnPostgres } from '../store/which.ts'
import { operationsOf, readDocument } from './operations.ts'
import { addPeople } from './people.ts'

/** Of the examples of the document. */
const otherRun = '0199b0c9-1c40-7f5d-8a6b-2e7d9c4b5a60'
/** PostgreSQL has programs for them. */
const backups = '/system/backup'
const exampleBackup = 'workflows-2026-11-22T2131.db'
const exampleRun = '0199b0c8-7a51-7c3e-9d0a-5f0e6f1f2a3b'
const exampleView = '0199b0c8-0000-7000-8000-000000000001'
const exampleToken = '0199b0c8-0000-7000-8000-000000000003'
const exampleBulk = '0199b0c8-0000-7000-8000-000000000002'

const ofPeople = /\/settings\/(?:users|account|sessions)|\/log(?:in|out)/

/** A dashboard with a real agent, and all that the examples of the document name. A run that goes on has to be cancelled. */
export async function exampleWorld(last: 'a run that goes on' | 'a run that has ended', config: Partial<Config> = {}) {
  const agent = await startAgent()
  const { run } = agent.handlers
  let nextId: string | undefined
  let headers: Record<string, string> = {}
  let restore: (() => Promise<void>) | undefined
  const newId = () => {
    const id = nextId ?? uuidv7()
    nextId = undefined
    return id
  }
  const app = await buildTestApp(config, { newId, passwordLogCost: 4 })
  await register(app, agent.url)
  nextId = otherRun
  await execute(app, 'writer')
  await ended(app, otherRun)
  if (last === 'a run that goes on') agent.handlers.run = silence
  nextId = exampleRun
  await execute(app, 'writer')
  if (last === 'a run that has ended') await ended(app, exampleRun)
  await insertStates(app, [{ run: exampleRun, data: nodeState('write', 2) }])
  await rawRows(
    app,
    `UPDATE workflow_runs SET bottleneck_info = '{"slowest_node": "write"}' WHERE id = '${exampleRun}'`,
    `UPDATE run_texts SET bottleneck = '{"slowest_node": "write"}' WHERE run_id = '${exampleRun}'`,
  )

  /** What the examples name, and what it is here. */
  const names = new Map([['8001', String(agent.port)]])

  async function backUp(): Promise<void> {
    const asked = { ...headers, accept: 'application/json', prefer: 'wait=20' }
    const { download_url } = (await app.inject({ method: 'POST', url: '/system/backup', headers: asked })).json()
    names.set(exampleBackup, download_url.split('/').at(-1))
  }

  nextId = exampleView
  await api(app, 'POST', '/runs/views', { name: 'Costly', filter: '/runs?sort=cost' })
  nextId = exampleToken
  await api(app, 'POST', '/settings/tokens', { name: 'reporting', role: 'viewer', expires_in_days: null })
  nextId = exampleBulk
  await api(app, 'POST', '/runs/bulk', { action: 'rerun', run_ids: ['gone'], confirm: true })

  return {
    app,

    /** From now on who asks has to say who they are. */
    async withPeople() {
      const document = await readDocument(app)
      const people = await addPeople(app, (id) => {
        nextId = id
      })
      restore = people.restore
      headers = people.headersOf('admin')
      const all = operationsOf(document).filter(({ path }) => !isOnPostgres || !path.startsWith(backups))
      return { document, all, ...people }
    },

    inWorld: (text: string) => [...names].reduce((all, [example, here]) => all.replaceAll(example, here), text),
    async prepare(name: string): Promise<void> {
      if (!name.endsWith('/cancel')) agent.handlers.run = run
      if (name === 'GET /system/backup/{name}' && !names.has(exampleBackup)) await backUp()
      if (restore && ofPeople.test(name)) await restore()
      await app.inject({
        method: 'POST',
        url: '/orchestrator/register',
        headers: { ...headers, accept: 'application/json' },
        payload: { agent_id: 'writer', agent_name: 'Article Writer', agent_url: agent.url },
      })
    },
  }
}
