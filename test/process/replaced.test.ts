import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { serve } from '../../src/server.ts'
import { cli } from '../support/cli.ts'
import { openDashboard } from '../support/dashboard.ts'
import { startDashboard, startProgram } from '../support/process.ts'
import { isAboutFile } from '../support/store/database.ts'
import { temporaryFile } from '../support/temporary.ts'

beforeEach(isAboutFile)

const command = 'bin/configurable-agents.js'

async function run(...args: string[]) {
  const program = startProgram([command, ...args])
  return { code: await program.ended, output: program.output().trim() }
}

const announce = ({ url }: { url: string }, agent_id: string) =>
  fetch(`${url}/agents/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ agent_id, agent_name: agent_id, host: 'localhost', port: 9, metadata: null }),
  })

async function agentsOf({ url }: { url: string }): Promise<string[]> {
  const agents = (await (await fetch(`${url}/agents?include_dead=true`)).json()) as { agent_id: string }[]
  return agents.map(({ agent_id }) => agent_id)
}

/** A dashboard that has been backed up, and has changed since. */
async function backedUp() {
  const dashboard = await startDashboard()
  await announce(dashboard, 'in-backup')
  const backup = temporaryFile('backup.db')
  expect((await cli(['backup', backup, '--db', dashboard.db])).code).toBe(0)
  await announce(dashboard, 'later')
  return { dashboard, backup }
}

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'a backup that is copied over the file while the dashboard runs outlives it (%s), and is restored as the messages say',
  async (signal) => {
    const { dashboard, backup } = await backedUp()
    const { db, url } = dashboard
    copyFileSync(backup, db)
    const ready = await fetch(`${url}/readyz`)
    expect(ready.status).toBe(503)
    const { reason } = (await ready.json()) as { reason: string }
    expect(reason).toMatch(/^The database was overwritten while the dashboard was using it\. Nothing more is written/)
    const refused = await announce(dashboard, 'lost')
    expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
      503,
      `Nothing was saved. ${db} was overwritten while the dashboard was using it. Nothing more is written to it. Stop the dashboard and run "npx node ${command} restore BACKUP --db ${db}".`,
    ])
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const log = readFileSync(`${db}-wal`)
    await dashboard.stop(signal)
    expect(readFileSync(db).equals(readFileSync(backup))).toBe(true)
    expect(readFileSync(`${db}-wal`).equals(log)).toBe(true)

    const again = await run('ui', '--port', '0', '--db', db)
    expect(again).toMatchObject({ code: 1, output: expect.stringContaining(`${db}-wal holds changes`) })
    expect(again.output.split('\n')).toHaveLength(1)
    const [, restore] = /run "npx node (.+?)"/.exec(again.output)!
    const restored = startProgram(restore!.replace('BACKUP', backup).split(' '))
    expect(await restored.ended).toBe(0)
    expect(await agentsOf(await openDashboard({ db }))).toEqual(['in-backup'])
  },
)

test.each(['a backup', 'another file'])(
  '%s that is copied over it just before a stop outlives that too',
  async (what) => {
    const { dashboard, backup } = await backedUp()
    if (what === 'another file') writeFileSync(backup, 'Dear diary, '.repeat(20_000))
    copyFileSync(backup, dashboard.db)
    expect(await dashboard.stop()).toBe(0)
    expect(readFileSync(dashboard.db).equals(readFileSync(backup))).toBe(true)
    expect(statSync(`${dashboard.db}-wal`).size).toBeGreaterThan(0)
  },
)

test('a backup that is moved into the place of the file is used by a mere restart', async () => {
  const { dashboard, backup } = await backedUp()
  const { db, url } = dashboard
  renameSync(backup, db)
  const { reason } = (await (await fetch(`${url}/readyz`)).json()) as { reason: string }
  expect(reason).toMatch(/was replaced .* Restart the dashboard to use it\.$/)
  expect(statSync(`${db}-wal`).size).toBe(0)
  expect(await dashboard.stop()).toBe(0)
  expect(await agentsOf(await openDashboard({ db }))).toEqual(['in-backup'])
})

test('a file that is moved away takes everything along, and the name is not given to an empty one', async () => {
  const { dashboard } = await backedUp()
  const { db, url } = dashboard
  const moved = temporaryFile()
  renameSync(db, moved)
  expect((await fetch(`${url}/readyz`)).status).toBe(503)
  await expect.poll(dashboard.output).toContain('was moved or deleted while the dashboard was using it')
  await dashboard.stop('SIGKILL')
  expect((await agentsOf(await openDashboard({ db: moved }))).sort()).toEqual(['in-backup', 'later'])
})

test('without the file, what is left of it in the log keeps a start from making a new one', async () => {
  const { dashboard } = await backedUp()
  await dashboard.stop('SIGKILL')
  rmSync(dashboard.db)
  const { db } = dashboard
  await expect(serve(loadConfig({ db, port: 0 }, {}))).rejects.toThrow(`${db}-wal holds changes`)
  expect(existsSync(db)).toBe(false)
})
