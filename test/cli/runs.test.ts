import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { dashboardHeader } from '../../src/shared/dashboard-header.ts'
import { cli } from '../support/cli.ts'
import { openDashboard } from '../support/dashboard.ts'
import { insertRuns, type StoredRun } from '../support/runs/runs.ts'
import { temporaryFolder } from '../support/temporary.ts'

async function withRuns(runs: StoredRun[]) {
  const dashboard = await openDashboard()
  await insertRuns(dashboard, runs)
  return {
    ...dashboard,
    runs: (args: string[], options?: { columns?: number }) => cli(['runs', ...args, '--url', dashboard.url], options),
  }
}

const mixed: StoredRun[] = [
  { status: 'failed', error_message: 'quota\u001b[2J' },
  {
    inputs: '{"topic": "AI"}',
    outputs: '{"score": 12345678901234567890}',
    total_tokens: 1200,
    total_cost_usd: 0.0123,
    duration_seconds: 8,
  },
  { workflow_name: 'evil\u001b[31m\u202ename' },
]

test('runs are listed newest first, by the filters of the page', async () => {
  const { runs } = await withRuns(mixed)
  const all = await runs(['list'])
  expect(all.code).toBe(0)
  expect(all.out).toMatch(
    /^RUN +STATUS +AGENT +STARTED +DURATION +TOKENS +COST\nrun-2 .+\nrun-1 +completed +report .+ 8\.0s +1,200 +\$0\.0123\nrun-0 +failed .+\n$/,
  )
  expect(all.out).toContain('evil␛[31m�name')
  expect((await runs(['list', '--status', 'failed'])).out).toMatch(/^RUN.+\nrun-0 .+\n$/)
  expect(
    (await runs(['list', 'status=failed&sort=started', '--status', 'completed', '--q', 'in.topic:ai'])).out,
  ).toMatch(/^RUN.+\nrun-1 .+\n$/)
  expect(await runs(['list', '--agent', 'nobody'])).toEqual({ code: 0, out: '', err: 'No runs match.\n' })
  const pinned = await runs(['list', '--columns', 'out.score', '--status', 'completed'])
  expect(pinned.out).toMatch(/^RUN .+ OUT\.SCORE\n/)
})

test.each([
  [['--sort', 'size'], 'sort: Sort by started, duration, tokens or cost.'],
  [['--limit', '0'], 'limit: Write a whole number from 1 to 500.'],
  [['--status', 'faild'], 'There is no status “faild”.'],
  [['stauts=failed'], 'There is no field “stauts”.'],
  [['--from', 'soon'], 'from: Write a day or a time in UTC'],
])('the dashboard refuses %j', async (args, sentence) => {
  const { runs } = await withRuns([{}])
  expect(await runs(['list', ...args])).toEqual({ code: 2, out: '', err: expect.stringContaining(sentence) })
})

test('pages follow each other by the cursor, and keep their size', async () => {
  const { runs } = await withRuns(Array(5).fill({}))
  const seen: string[] = []
  let cursor: string[] = []
  do {
    const { out, err } = await runs(['list', '--limit', '2', ...cursor])
    seen.push(...out.match(/^run-\d/gm)!)
    cursor = /(?:^\d of 5 runs\. More: )(--older \S+)/.exec(err)?.[1]?.split(' ') ?? []
  } while (cursor.length > 0)
  expect(seen).toEqual(['run-4', 'run-3', 'run-2', 'run-1', 'run-0'])
  const { older } = JSON.parse((await runs(['list', '--limit', '2', '--json'])).out)
  expect(older).toContain('limit=2')
})

test('a table of runs fits 80 columns and keeps whole IDs', async () => {
  const id = '019ac3f2-1111-7222-8333-444455556666'
  const { runs } = await withRuns([
    { id, workflow_name: 'a-workflow-with-quite-a-long-name', total_tokens: 5, duration_seconds: 3 },
  ])
  const { out } = await runs(['list'], { columns: 80 })
  const [, line = ''] = out.replace(/\u001b\[\d+m/g, '').split('\n')
  expect(line).toContain(`${id}  completed  a-workflow-`)
  expect(line.length).toBeLessThanOrEqual(80)
})

test('a run is shown with its payloads, every digit of them', async () => {
  const { runs } = await withRuns(mixed)
  const { out } = await runs(['show', 'run-1'])
  expect(out).toMatch(/^Run +run-1\nStatus +completed\n/)
  expect(out).toContain('\nInputs\n{"topic": "AI"}\n\nOutputs\n{"score": 12345678901234567890}\n')
  expect((await runs(['show', 'run-1', '--json'])).out).toContain('"outputs":{"score": 12345678901234567890}')
  expect((await runs(['show', 'run-0'])).out).toMatch(/^Error +quota␛\[2J$/m)
  expect(await runs(['show', 'run-9'])).toEqual({ code: 2, out: '', err: 'There is no run "run-9".\n' })
  expect(await runs(['cancel', 'run-1'])).toEqual({
    code: 1,
    out: '',
    err: 'The Python program carries this run out itself; only it can stop it.\n',
  })
})

test('an export goes to the next program or into a file', async () => {
  const { runs } = await withRuns(mixed)
  const { code, out } = await runs(['export', '--status', 'completed'])
  expect(code).toBe(0)
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).run_id),
  ).toEqual(['run-2', 'run-1'])
  const file = `${temporaryFolder()}/runs.csv`
  writeFileSync(file, 'an older export')
  expect(await runs(['export', '--output', file])).toEqual({ code: 0, out: '', err: '' })
  expect(readFileSync(file, 'utf8')).toMatch(/^\ufeff"run_id"/)
  expect(await runs(['export', '--format', 'xml'])).toEqual({
    code: 2,
    out: '',
    err: expect.stringContaining('Choose csv or ndjson.'),
  })
  expect(await runs(['export', '--output', '/nowhere/runs.csv'])).toEqual({
    code: 1,
    out: '',
    err: expect.stringContaining('Cannot write /nowhere/runs.csv: '),
  })
})

/** Answers like a dashboard. */
async function standIn(listener: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader(dashboardHeader, '1')
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('an export that breaks off fails, and leaves no file that looks whole', async () => {
  const url = await standIn((_request, response) => {
    response.write('{"run_id":"run-1"}\n', () => response.destroy())
  })
  const folder = temporaryFolder()
  writeFileSync(`${folder}/runs.ndjson`, 'an older export')
  expect(await cli(['runs', 'export', '--output', `${folder}/runs.ndjson`, '--url', url])).toEqual({
    code: 4,
    out: '',
    err: 'The dashboard broke off the export. No file was written.\n',
  })
  expect(readdirSync(folder)).toEqual(['runs.ndjson'])
  expect(readFileSync(`${folder}/runs.ndjson`, 'utf8')).toBe('an older export')
  expect(await cli(['runs', 'export', '--url', url])).toEqual({
    code: 4,
    out: '{"run_id":"run-1"}\n',
    err: 'The dashboard broke off the export. What was printed is not whole.\n',
  })
})
