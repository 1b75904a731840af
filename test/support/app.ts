import { existsSync } from 'node:fs'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { HTMLElement, type Node, parse, TextNode } from 'node-html-parser'
import { pino } from 'pino'
import { expect, onTestFinished } from 'vitest'
import { buildApp, type Overrides } from '../../src/app.ts'
import { isPostgres } from '../../src/config/database.ts'
import { type Config, loadConfig } from '../../src/config.ts'
import { systemClock } from '../../src/shared/time/clock.ts'
import { expectDeclared } from './declared-answers.ts'
import { noNames } from './network/transport.ts'
import { freshDatabase, isAboutFile, openGivenStore, sharedKey } from './store/database.ts'
import { copyEmptyDatabase } from './store/migrated-file.ts'
import { isOnPostgres } from './store/which.ts'

/** Whatever goes wrong inside, also in the background, fails the test (see test/setup.ts). */
const logger = pino({ level: 'error' }, { write: (line: string) => console.error(line) })

export type TestApp = FastifyInstance & { db: string }

/** The whole program on a fresh database, without a socket; closed when the test ends. Requests are injected. */
export async function buildTestApp(config: Partial<Config> = {}, overrides: Overrides = {}): Promise<TestApp> {
  const db = config.db ?? (await freshDatabase())
  if (!isPostgres(db)) isAboutFile()
  if (!isPostgres(db) && !existsSync(db)) copyEmptyDatabase(db)
  const settings = { ...loadConfig({ db }, {}), ...config }
  if (isOnPostgres) settings.secretKey ||= sharedKey
  const app = await buildApp(settings, {
    ...{ logger, names: noNames(overrides.clock), onAnswer: expectDeclared, openStore: openGivenStore },
    leaseClock: systemClock,
    ...overrides,
  })
  onTestFinished(() => app.close())
  await app.ready()
  await app.orchestrator.join()
  return Object.assign(app, { db })
}

const asHtmx = { 'hx-request': 'true', 'hx-request-type': 'partial', accept: 'text/html' }
const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

export type Answer = { status: number; headers: Record<string, unknown>; html: HTMLElement; text: string }

/** Unless told otherwise, the parser takes what stands in `pre` as text. */
const parsing = { blockTextElements: { script: true, style: true } }
/** What a template prints when a value is missing. Most answers have none of these words: then nobody has to look where. */
const missing = /\bundefined\b|\bnull\b|\bNaN\b|\[object Object\]/

async function html(app: FastifyInstance, options: InjectOptions): Promise<Answer> {
  const response = await app.inject(options)
  const document = parse(response.payload, parsing)
  if (missing.test(response.payload)) expectNothingMissing(document)
  return {
    status: response.statusCode,
    headers: response.headers,
    html: document,
    text: document.textContent.replace(/\s+/g, ' ').trim(),
  }
}

function expectNothingMissing(document: HTMLElement): void {
  const shown = outsidePayloads(document)
  for (const { attributes } of shown.filter((node) => node instanceof HTMLElement)) {
    // A value is what a script gets: there null may be meant.
    const { value, ...rest } = attributes
    expect(Object.values(rest).join(' ')).not.toMatch(missing)
    expect(value ?? '').not.toMatch(/\bundefined\b|\[object Object\]/)
  }
  const texts = shown.filter((node) => node instanceof TextNode)
  expect(texts.map(({ text }) => text).join('')).not.toMatch(missing)
}

/** Payloads of runs stand in `pre`, in trees, and beside their names; they may say null, as types of the API do. */
const payloads = ['tree', 'output', 'pairs', 'api-fields']

function outsidePayloads(element: HTMLElement): Node[] {
  if (element.tagName === 'PRE' || payloads.some((name) => element.classList.contains(name))) return []
  return [
    element,
    ...element.childNodes.flatMap((node) => (node instanceof HTMLElement ? outsidePayloads(node) : node)),
  ]
}

/** What a browser gets for a page. */
export function page(app: FastifyInstance, url: string): Promise<Answer> {
  return html(app, { url, headers: asBrowser })
}

/** What htmx gets for a region. */
export function partial(app: FastifyInstance, url: string): Promise<Answer> {
  return html(app, { url, headers: asHtmx })
}

const formEncoded = { 'content-type': 'application/x-www-form-urlencoded' }
type Fields = Record<string, string>

/** A form sent by a browser without JavaScript. */
export function submit(app: FastifyInstance, url: string, fields: Fields = {}): Promise<Answer> {
  const payload = new URLSearchParams(fields).toString()
  return html(app, { method: 'POST', url, headers: { ...asBrowser, ...formEncoded }, payload })
}

/** The same form sent by htmx. */
export function submitPartial(app: FastifyInstance, url: string, fields: Fields = {}): Promise<Answer> {
  const payload = new URLSearchParams(fields).toString()
  return html(app, { method: 'POST', url, headers: { ...asHtmx, ...formEncoded }, payload })
}

/** A DELETE sent by htmx. */
export function removePartial(app: FastifyInstance, url: string): Promise<Answer> {
  return html(app, { method: 'DELETE', url, headers: asHtmx })
}

export type JsonAnswer = Awaited<ReturnType<typeof api>>

/** A request of a script. `body` is sent as JSON; a string goes as it is. */
export async function api(app: FastifyInstance, method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown) {
  const payload = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await app.inject({
    method,
    url,
    headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { payload }),
  })
  return {
    status: response.statusCode,
    type: String(response.headers['content-type']).split(';')[0],
    text: response.payload,
    // biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of every shape
    json: (response.payload ? JSON.parse(response.payload) : undefined) as any,
  }
}

/** Registers an agent and resolves to its id. */
export async function register(
  app: FastifyInstance,
  url: string,
  id = 'writer',
  name = 'Article Writer',
): Promise<string> {
  const answer = await api(app, 'POST', '/orchestrator/register', { agent_id: id, agent_name: name, agent_url: url })
  expect(answer).toMatchObject({ status: 200, json: { status: 'registered' } })
  return id
}

/** Executes with these inputs and resolves to the id of the run. */
export async function execute(app: FastifyInstance, id: string, inputs: object = { topic: 'SQLite' }): Promise<string> {
  const answer = await api(app, 'POST', `/orchestrator/${encodeURIComponent(id)}/execute`, { inputs })
  expect(answer.status, answer.text).toBe(200)
  return answer.json.run_id
}

/** Asks for a run until it has ended. */
export async function ended(app: FastifyInstance, runId: string) {
  for (;;) {
    const { json } = await api(app, 'GET', `/runs/${runId}`)
    if (json.status !== 'pending' && json.status !== 'running') return json
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Checks that a failure was told to a script as problem details: RFC 9457, with a sentence, and the fields at fault. */
export function expectProblem(answer: JsonAnswer, status: number, fields: string[] = []): void {
  expect(answer).toMatchObject({ status, type: 'application/problem+json' })
  const { errors = [], ...problem } = answer.json
  expect(problem).toEqual({
    type: expect.stringMatching(/^urn:configurable-agents:problem:[a-z0-9-]+$/),
    title: expect.stringMatching(/^[A-Z]/),
    status,
    detail: expect.stringMatching(/^[A-Za-z"].{8,}[.?]$/s),
    requestId: expect.stringMatching(/^[\da-f-]{36}$/),
  })
  expect(errors.map(({ field }: { field: string }) => field).sort()).toEqual([...fields].sort())
  for (const { message } of errors) expect(message).toMatch(/^[A-Za-z"].{8,}[.?]$/s)
}
