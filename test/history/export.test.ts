import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { Overrides } from '../../src/app.ts'
import { type Cell, jsonCell, numberCell, textCell } from '../../src/web/format/spreadsheet-cell.ts'
import { api, buildTestApp, expectProblem, page, type TestApp } from '../support/app.ts'
import { endurance } from '../support/endurance.ts'
import { insertRuns, type StoredRun } from '../support/runs/runs.ts'
import { openGivenStore } from '../support/store/database.ts'
import { connect } from '../support/store/store.ts'

async function exported(app: TestApp, query: string) {
  const answer = await app.inject({ url: `/runs/export?${query}` })
  expect(answer.statusCode, answer.payload).toBe(200)
  return answer
}

// biome-ignore lint/suspicious/noExplicitAny: lines of every shape
async function lines(app: TestApp, query = ''): Promise<any[]> {
  const { payload } = await exported(app, `format=ndjson&${query}`)
  return payload
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

async function rows(app: TestApp, query = ''): Promise<Record<string, string>[]> {
  const { payload } = await exported(app, `format=csv&${query}`)
  return parse(payload, { columns: true, bom: true })
}

test('exports every run that the filter means, whatever page it was asked for from', async () => {
  const app = await buildTestApp()
  await insertRuns(
    app,
    Array.from({ length: 620 }, (_, index) => ({ status: index % 2 ? 'failed' : 'completed' })),
  )
  const failed = await lines(app, 'status=failed&older=5')
  expect(failed.map(({ run_id }) => run_id)).toEqual(
    Array.from({ length: 310 }, (_, index) => `run-${619 - 2 * index}`),
  )
  expect((await rows(app, 'status=failed&sort=-started')).map(({ run_id }) => run_id)).toEqual(
    failed.map(({ run_id }) => run_id).reverse(),
  )
})

test('is a file with the day in its name', async () => {
  const app = await buildTestApp()
  const { headers } = await exported(app, 'format=csv')
  expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
  const day = new Date().toISOString().slice(0, 4)
  expect(headers['content-disposition']).toMatch(new RegExp(`^attachment; filename="runs-${day}-\\d\\d-\\d\\d.csv"$`))
  const head = await app.inject({ method: 'HEAD', url: '/runs/export?format=ndjson' })
  expect(head.headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
  expect(head.payload).toBe('')
})

test('pinned fields are columns of their own', async () => {
  const app = await buildTestApp()
  await insertRuns(app, [
    { outputs: '{"score": 0.12345678901234567890, "by": {"name": "=cmd"}, "tags": ["a", {"b": 1}]}' },
    { outputs: "{'score': 3}" },
    { outputs: null },
  ])
  const found = await rows(app, 'sort=-started&columns=out.score&columns=out.by.name&columns=out.tags')
  expect(found.map((row) => [row['out.score'], row['out.by.name'], row['out.tags']])).toEqual([
    ["'0.12345678901234567890", "'=cmd", '["a",{"b":1}]'],
    ['3', '', ''],
    ['', '', ''],
  ])
})

test('an error in the filter is answered before anything is sent', async () => {
  const app = await buildTestApp()
  expectProblem(await api(app, 'GET', '/runs/export?format=csv&longer=x&sort=y'), 422, ['longer', 'sort'])
  expectProblem(await api(app, 'GET', '/runs/export?format=xlsx'), 422, ['format'])
  expectProblem(await api(app, 'GET', '/runs/export'), 422, ['format'])
  expectProblem(await api(app, 'GET', `/runs/export?format=csv&q=${encodeURIComponent('"open')}`), 422, ['q'])
})

test('while older runs are not read yet, nothing is exported that would look whole', async () => {
  const app = await buildTestApp()
  const sqlite = connect(app.db)
  const set = sqlite.prepare('INSERT OR REPLACE INTO dashboard_state VALUES (?, ?)')
  for (const [key, value] of Object.entries({ history_newest: 1000, history_oldest: 1, history_next: 400 })) {
    set.run(key, String(value))
  }
  const answer = await api(app, 'GET', '/runs/export?format=csv')
  expectProblem(answer, 503)
  expect(answer.json.detail).toContain('600 of 1,000 runs')
})

const text = fc.string({
  unit: fc.constantFrom('=', '+', '-', '@', '"', "'", ',', ';', '\n', '\r', '\t', ' ', 'a', 'é', '🏔', '\\'),
})
const payload = fc.oneof(
  fc.json({ depthSize: 'small' }),
  fc.constantFrom('{ "n" : 12345678901234567890,\n "x": NaN }', "{'a': None}", 'None', '', '-12.50', '=1'),
  text,
  fc.constant(null),
)
const storedRun = fc.record({
  workflow_name: fc.oneof(
    fc.constantFrom('writer', 'report'),
    text.filter((name) => name !== ''),
  ),
  status: fc.constantFrom('completed', 'failed'),
  error_message: fc.option(text),
  inputs: payload,
  outputs: payload,
  duration_seconds: fc.option(fc.constantFrom(0, 0.5, 12.25, 1e-7)),
  total_tokens: fc.option(fc.nat()),
})

test('what was exported, read back, are the rows of the filter', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(storedRun, { maxLength: 12 }),
      fc.constantFrom('', 'status=failed'),
      async (runs, query) => {
        const app = await buildTestApp()
        await insertRuns(app, runs as StoredRun[])
        const meant = runs
          .map((run, index) => ({ ...run, id: `run-${index}` }))
          .filter(({ status }) => query === '' || status === 'failed')
          .reverse()
        expect(await lines(app, query)).toMatchObject(
          meant.map((run) => ({
            run_id: run.id,
            workflow: run.workflow_name,
            status: run.status,
            duration_seconds: run.duration_seconds,
            total_tokens: run.total_tokens,
            error_message: run.error_message,
            inputs: asJson(run.inputs),
            outputs: asJson(run.outputs),
          })),
        )
        const escaped = (text: string) => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text)
        const written = (cell: Cell) => (typeof cell === 'string' ? escaped(cell) : cell.bare)
        const number = (value: number | null) => (value === null ? '' : written(numberCell(String(value))))
        expect(await rows(app, query)).toMatchObject(
          meant.map((run) => ({
            run_id: run.id,
            workflow: written(textCell(run.workflow_name)),
            error_message: written(textCell(run.error_message ?? '')),
            duration_seconds: number(run.duration_seconds),
            total_tokens: number(run.total_tokens),
            inputs: written(jsonCell(run.inputs ?? '')),
            outputs: written(jsonCell(run.outputs ?? '')),
          })),
        )
        await app.close()
      },
    ),
    { numRuns: endurance(15, 300) },
  )
})

/** JSON as it is, with Python's NaN as null; whatever is no JSON as text. */
function asJson(value: string | null): unknown {
  if (value === null) return null
  try {
    return JSON.parse(value.replace('NaN', 'null'))
  } catch {
    return value
  }
}

async function download(app: TestApp): Promise<IncomingMessage> {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const [response] = await once(get(`http://127.0.0.1:${port}/runs/export?format=ndjson`), 'response')
  return response
}

const many = (app: TestApp) =>
  insertRuns(app, Array(3000).fill({ outputs: JSON.stringify({ text: 'x'.repeat(20_000) }) }))

test('who reads slowly holds the walk up, and who goes away ends it', { timeout: 30_000 }, async () => {
  const seen = { runs: 0, isOver: false }
  const openStore: Overrides['openStore'] = async (...given) => {
    const store = await openGivenStore(...given)
    const { history } = store
    return { ...store, history: { ...history, export: (...asked) => watched(history.export(...asked), seen) } }
  }
  const app = await buildTestApp({}, { openStore })
  await many(app)
  const response = await download(app)
  response.pause()
  await once(response, 'readable')
  for (let requests = 0; requests < 3; requests++) expect((await page(app, '/runs')).status).toBe(200)
  expect(seen).toEqual({ runs: expect.any(Number), isOver: false })
  expect(seen.runs).toBeLessThan(2000)
  response.destroy()
  await expect.poll(() => seen.isOver).toBe(true)
  expect(seen.runs).toBeLessThan(2000)
})

async function* watched<T>(parts: AsyncIterable<T[]>, seen: { runs: number; isOver: boolean }): AsyncGenerator<T[]> {
  try {
    for await (const part of parts) {
      seen.runs += part.length
      yield part
    }
  } finally {
    seen.isOver = true
  }
}

test('a failure in the middle tears the connection: the file does not look whole', { timeout: 30_000 }, async () => {
  const lines: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(JSON.parse(line).msg) })
  const app = await buildTestApp({}, { logger })
  await many(app)
  const response = await download(app)
  const end = new Promise((resolve) => {
    response.on('end', () => resolve('end')).on('error', ({ message }) => resolve(message))
  })
  await once(response, 'readable')
  connect(app.db).exec('ALTER TABLE run_index RENAME TO run_index_gone')
  response.resume()
  expect(await end).toBe('aborted')
  expect(response.complete).toBe(false)
  expect(lines).toEqual([expect.stringContaining('The table run_index is missing')])
})

test('who reads slowly does not keep the dashboard from stopping', { timeout: 30_000 }, async () => {
  const app = await buildTestApp()
  await many(app)
  const response = await download(app)
  response.on('error', () => undefined).pause()
  await app.close()
  expect(response.complete).toBe(false)
})
