import { describe, expect, test } from 'vitest'
import type {
  NewRun,
  RecordedExchange,
  ReportedRun,
  RunKey,
  RunRecord,
  RunStep,
  RunStore,
} from '../../src/store/ports/runs.ts'
import { newRun } from '../support/runs/new-run.ts'
import { asKept, hostileTexts } from './hostile-texts.ts'
import type { OpenStore } from './open.ts'

const at = Date.UTC(2026, 10, 22, 16, 14, 30, 57)
const dayMs = 86_400_000

const accept = (runs: RunStore, id: string, more?: Partial<NewRun>) => runs.accept({ run: () => newRun(id, more) })

const step = (change: RunStep['change'], kind: RunStep['event']['kind'] = 'sent', attempt = 1): RunStep => ({
  change,
  event: { kind, attempt, at },
})

const end = (runs: RunStore, id: string, status: 'completed' | 'failed' | 'cancelled' | 'lost') =>
  runs.change(id, () => step({ status }, status))

const accepted: RunRecord = {
  id: 'a',
  agent: 'writer',
  agentId: 'writer',
  workflow: 'article_writer',
  status: 'pending',
  startedAt: at,
  completedAt: null,
  durationSeconds: null,
  totalTokens: null,
  totalCostUsd: null,
  isReported: false,
  startedBy: 'Ada',
  inputs: '{ "n": 9007199254740993 }',
  outputs: null,
  error: null,
  errorFields: [],
  withheld: ['password', 'nested.token'],
  schemaId: null,
  agentUrl: 'http://localhost:8001',
  jobId: null,
  attempt: 0,
  sentAt: null,
  polls: null,
  rerunOf: 'earlier',
  reportedAt: null,
  traceId: '0af7651916cd43dd8448eb211c80319c',
  isSampled: false,
  startedById: 'user:1',
  config: null,
  bottleneck: null,
}
const { workflow, inputs, withheld, rerunOf, traceId, isSampled, startedBy, startedById } = accepted

const completed = {
  status: 'completed',
  attempt: 2,
  sentAt: at + 5,
  agentUrl: 'http://localhost:9001',
  jobId: 'job/1',
  completedAt: at + 10,
  durationSeconds: 0.01,
  polls: 3,
  outputs: '{"x": NaN}',
  totalTokens: 12,
  totalCostUsd: 0.0001,
} satisfies RunStep['change']

const exchange: RecordedExchange = {
  attempt: 1,
  at: at + 1,
  method: 'POST',
  url: 'http://localhost:8001/run',
  durationMs: 12.5,
  requestHeaders: { 'content-type': 'application/json', '': '' },
  requestBody: '{}',
  status: 200,
  responseHeaders: { server: 'ü "1"' },
  responseBody: '{"x": NaN}',
  failure: null,
}

/** What every store does with runs. */
export function runContract(openStore: OpenStore): void {
  const open = async () => (await openStore()).runs

  describe('a run that is accepted', () => {
    test('is pending, and is read as it was given; what is unknown is null, and not 0', async () => {
      const runs = await open()
      const run = () => newRun('a', { workflow, inputs, withheld, rerunOf, traceId, isSampled, startedBy, startedById })
      expect(await runs.accept({ run })).toEqual({ run: accepted, isRepeat: false, isSame: true })
      expect(await runs.get('a')).toEqual(accepted)
      expect(await runs.get('b')).toBeUndefined()
    })

    test('of an agent whose workflow nobody knows goes by the name of the agent', async () => {
      const runs = await open()
      await accept(runs, 'a')
      expect(await runs.get('a')).toMatchObject({ agent: 'writer', workflow: 'writer' })
    })

    test('is not recorded twice under one id', async () => {
      const runs = await open()
      await accept(runs, 'a')
      await expect(accept(runs, 'a', { inputs: '[]' })).rejects.toThrow()
      expect(await runs.details('a')).toMatchObject({ run: { inputs: '{}' }, events: [{ kind: 'accepted' }] })
    })

    test('is made when it is recorded', async () => {
      const runs = await open()
      let isMade = false
      const accepting = runs.accept({
        run: () => {
          isMade = true
          return newRun('a')
        },
      })
      expect(isMade).toBe(false)
      await accepting
      expect(isMade).toBe(true)
    })

    test('has the schema that it was accepted with, which is one for all', async () => {
      const runs = await open()
      const withSchema = async (id: string, schemaText?: string) =>
        (await runs.accept({ run: () => newRun(id), schemaText })).run.schemaId
      const [first, second, other] = [
        await withSchema('a', '{}'),
        await withSchema('b', '{}'),
        await withSchema('c', ''),
      ]
      expect(second).toBe(first)
      expect((await runs.get('a'))!.schemaId).toBe(first)
      expect(await runs.schema(first!)).toBe('{}')
      expect(await runs.schema(other!)).toBe('')
      expect(await withSchema('d')).toBeNull()
      expect(await runs.schema('none')).toBeUndefined()
    })

    test.each(Object.entries(hostileTexts))('keeps %s', async (_, text) => {
      const runs = await open()
      const { run } = await runs.accept({ run: () => newRun('a', { inputs: text, workflow: text }), schemaText: text })
      await runs.change('a', () => step({ outputs: text, error: text, errorFields: [{ field: text, message: text }] }))
      const read = (await runs.get('a'))!
      expect(read).toMatchObject({ inputs: asKept(text, read.inputs!), workflow: asKept(text, read.workflow) })
      expect(read).toMatchObject({ outputs: asKept(text, read.outputs!), error: asKept(text, read.error!) })
      expect(read.errorFields).toEqual([{ field: text, message: text }])
      const schema = (await runs.schema(run.schemaId!))!
      expect(schema).toBe(asKept(text, schema))
    })
  })

  describe('under one key', () => {
    const key = (now: number, inputsHash = 'hash'): RunKey => ({
      key: 'key',
      inputsHash,
      at: now,
      expiresBefore: now - dayMs,
    })
    const under = async (runs: RunStore, id: string, now: number, inputsHash?: string) => {
      const { run, ...rest } = await runs.accept({
        run: () => newRun(id, { startedAt: now }),
        key: key(now, inputsHash),
      })
      return { id: run.id, ...rest }
    }

    test('there is one run for as long as the key is good, and then another', async () => {
      const runs = await open()
      const [first, again] = [
        { isRepeat: false, isSame: true },
        { isRepeat: true, isSame: true },
      ]
      expect(await under(runs, 'first', at)).toEqual({ id: 'first', ...first })
      expect(await under(runs, 'again', at + dayMs)).toEqual({ id: 'first', ...again })
      expect(await under(runs, 'second', at + dayMs + 1)).toEqual({ id: 'second', ...first })
      expect(await under(runs, 'again', at + 2 * dayMs)).toEqual({ id: 'second', ...again })
      expect(await runs.get('again')).toBeUndefined()
    })

    test('other inputs are told apart', async () => {
      const runs = await open()
      await under(runs, 'first', at)
      expect(await under(runs, 'other', at, 'other')).toEqual({ id: 'first', isRepeat: true, isSame: false })
    })

    test('there is one run of many that are accepted at the same moment', async () => {
      const runs = await open()
      const all = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => under(runs, id, at)))
      expect(new Set(all.map(({ id }) => id)).size).toBe(1)
      expect(all.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1)
      expect(await runs.unfinished()).toHaveLength(1)
    })

    test('a run that could not be recorded leaves the key free', async () => {
      const runs = await open()
      await accept(runs, 'taken')
      await expect(under(runs, 'taken', at)).rejects.toThrow()
      expect(await under(runs, 'free', at)).toEqual({ id: 'free', isRepeat: false, isSame: true })
    })
  })

  describe('a change', () => {
    test('changes what it names, records its event, and resolves to the run as it is then', async () => {
      const runs = await open()
      await runs.accept({
        run: () => newRun('a', { workflow, inputs, withheld, rerunOf, traceId, isSampled, startedBy, startedById }),
      })
      const run = { ...accepted, ...completed }
      expect(await runs.change('a', () => step(completed, 'completed', 2))).toEqual({ run, isChanged: true })
      expect(await runs.get('a')).toEqual(run)
      const failed = { error: 'No', errorFields: [{ field: 'topic', message: 'Too long' }], outputs: null }
      await runs.change('a', () => step(failed, 'failed', 2))
      expect(await runs.details('a')).toEqual({
        run: { ...run, ...failed },
        events: [
          { kind: 'accepted', attempt: 0, at },
          { kind: 'completed', attempt: 2, at },
          { kind: 'failed', attempt: 2, at },
        ],
        exchanges: [],
        reruns: [],
      })
    })

    test('is decided by what the run is, one after the other', async () => {
      const runs = await open()
      await accept(runs, 'a')
      const changes = await Promise.all(
        Array.from({ length: 20 }, () => runs.change('a', ({ attempt }) => step({ attempt: attempt + 1 }))),
      )
      expect(changes.map((one) => one!.run.attempt).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 20 }, (_, index) => index + 1),
      )
      expect((await runs.get('a'))!.attempt).toBe(20)
    })

    test('of nothing leaves the run as it is, and says so; of no run it is undefined', async () => {
      const runs = await open()
      const { run } = await accept(runs, 'a')
      expect(await runs.change('a', () => undefined)).toEqual({ run, isChanged: false })
      expect(await runs.change('b', () => expect.unreachable())).toBeUndefined()
      expect(await runs.details('a')).toMatchObject({ run, events: [{ kind: 'accepted' }] })
    })

    test('whose decision throws is refused, and nothing of it is kept', async () => {
      const runs = await open()
      const { run } = await accept(runs, 'a')
      const changing = runs.change(
        'a',
        () => {
          throw new Error('Changed my mind')
        },
        exchange,
      )
      await expect(changing).rejects.toThrow('Changed my mind')
      expect(await runs.details('a')).toMatchObject({ run, events: [{ kind: 'accepted' }], exchanges: [] })
    })

    test('records the exchange as it was, also where nothing is to change', async () => {
      const runs = await open()
      await accept(runs, 'a')
      await accept(runs, 'b')
      const unanswered = { ...exchange, status: null, responseHeaders: null, responseBody: null, failure: 'refused' }
      await runs.change('a', () => step({ status: 'running' }), exchange)
      await runs.change('a', () => undefined, unanswered)
      expect((await runs.details('a'))!.exchanges).toEqual([exchange, unanswered])
      expect((await runs.details('b'))!.exchanges).toEqual([])
    })

    test.each(Object.entries(hostileTexts))('keeps an exchange with %s', async (_, text) => {
      const runs = await open()
      await accept(runs, 'a')
      const hostile = { ...exchange, requestBody: text, responseBody: text, requestHeaders: { 'x-a': text } }
      await runs.change('a', () => undefined, hostile)
      const [read] = (await runs.details('a'))!.exchanges
      expect(read!.requestBody).toBe(asKept(text, read!.requestBody!))
      expect(read!.responseBody).toBe(asKept(text, read!.responseBody!))
      expect(read!.requestHeaders['x-a']).toBe(text)
    })
  })

  describe('a run that its program reports', () => {
    const reported: ReportedRun = {
      ...{ id: 'a', agent: 'nightly', agentId: null, workflow: 'nightly', status: 'running', startedAt: at },
      ...{ completedAt: null, durationSeconds: null, totalTokens: null, totalCostUsd: null },
      ...{ inputs: '{ "n": 9007199254740993 }', withheld: ['password'], outputs: null, error: null },
      ...{ reportedAt: at + 5, traceId: null, startedBy: 'nightly', startedById: 'token:1' },
    }
    const finished: ReportedRun = {
      ...reported,
      ...{ status: 'failed', completedAt: at + 10, durationSeconds: 0.01, outputs: '[1.0]', error: 'No', withheld: [] },
      ...{ totalTokens: 3, totalCostUsd: 0.5, reportedAt: at + 11, traceId },
    }
    const notOurs = { isReported: true, agentUrl: null, attempt: 0, rerunOf: null, schemaId: null, isSampled: true }

    test('is recorded beside others however long all are together', async () => {
      const runs = await open()
      const outputs = JSON.stringify({ text: 'x'.repeat(6_000_000) })
      const long = ['a', 'b', 'c', 'd'].map((id) => ({ ...finished, id, outputs }))
      await runs.report(long.map((run) => ({ id: run.id, decide: () => run })))
      for (const { id } of long) expect([id, (await runs.get(id))?.outputs?.length]).toEqual([id, outputs.length])
    })

    test('is read as it was reported, and as it was reported last', async () => {
      const runs = await open()
      await runs.report([{ id: 'a', decide: () => reported }])
      expect(await runs.get('a')).toEqual({ ...accepted, ...notOurs, ...reported })
      await runs.report([{ id: 'a', decide: () => finished }])
      expect(await runs.get('a')).toEqual({ ...accepted, ...notOurs, ...finished })
      expect(await runs.summaries(['a'])).toMatchObject([
        { status: 'failed', totalTokens: 3, isReported: true, startedBy: 'nightly' },
      ])
    })

    test('is decided by what is there, each after the one before', async () => {
      const runs = await open()
      await accept(runs, 'ours')
      const seen: (RunRecord | undefined)[] = []
      const report = (id: string, next?: ReportedRun) => ({
        id,
        decide: (known: RunRecord | undefined) => {
          seen.push(known)
          return next
        },
      })
      await runs.report([report('ours'), report('a', reported), report('a'), report('none')])
      expect(seen.map((run) => run?.status)).toEqual(['pending', undefined, 'running', undefined])
      expect(await runs.get('none')).toBeUndefined()
    })

    test('is recorded with many others as by itself, new or known, and those of one moment in their order', async () => {
      const runs = await open()
      const named = (index: number, more: Partial<ReportedRun> = {}) => ({
        ...(index % 3 === 0 ? finished : reported),
        ...{ id: `run-${index}`, inputs: JSON.stringify([index]), totalTokens: index % 2 ? index : null },
        ...more,
      })
      const report = (all: ReportedRun[]) => runs.report(all.map((run) => ({ id: run.id, decide: () => run })))
      const first = Array.from({ length: 30 }, (_, index) => named(index))
      await report(first)
      const moved = named(1, { startedAt: at - 1000, workflow: 'x'.repeat(300) })
      const changed = [moved, ...[7, 2, 5].map((index) => named(index, { outputs: `[${index}]`, status: 'failed' }))]
      const more = Array.from({ length: 30 }, (_, index) => named(30 + index))
      await report([...more.slice(0, 9), ...changed, ...more.slice(9)])
      const all = [...first, ...changed, ...more]
      const wanted = [...new Map(all.map((run) => [run.id, { ...accepted, ...notOurs, ...run }])).values()]
      const ids = wanted.map(({ id }) => id)
      expect(await runs.records(['none', ...ids])).toEqual([undefined, ...wanted])
      const inTime = wanted.toSorted((one, other) => other.startedAt - one.startedAt)
      const summaries = await runs.summaries(ids)
      expect(summaries.at(-1)!.id).toBe('run-1')
      expect(new Set(summaries.map(({ id }) => id))).toEqual(new Set(inTime.map(({ id }) => id)))
      const later = more.map(({ id }) => id)
      expect((await runs.summaries(later)).map(({ id }) => id)).toEqual(later.toReversed())
    })

    test('goes by its agent, and by the name of its workflow where it has none', async () => {
      const runs = await open()
      await runs.report([
        { id: 'a', decide: () => reported },
        { id: 'b', decide: () => ({ ...reported, id: 'b', agent: 'writer', agentId: 'writer' }) },
      ])
      expect(await runs.summaries(['b', 'a'])).toMatchObject([
        { id: 'b', agent: 'writer', agentId: 'writer', workflow: 'nightly' },
        { id: 'a', agent: 'nightly', agentId: null, workflow: 'nightly' },
      ])
    })

    test('is not for us to take up', async () => {
      const runs = await open()
      await runs.report([{ id: 'a', decide: () => ({ ...reported, agent: 'writer', agentId: 'writer' }) }])
      await accept(runs, 'ours')
      expect(await runs.unfinished()).toEqual(['ours'])
    })

    test('is recorded with all others of the step, or none is', async () => {
      const runs = await open()
      const refuse = () => {
        throw new Error('Changed my mind')
      }
      const reports = [
        { id: 'a', decide: () => reported },
        { id: 'b', decide: refuse },
      ]
      await expect(runs.report(reports)).rejects.toThrow('Changed my mind')
      expect(await runs.get('a')).toBeUndefined()
    })

    test.each(Object.entries(hostileTexts))('keeps %s', async (_, text) => {
      const runs = await open()
      await runs.report([{ id: 'a', decide: () => ({ ...reported, inputs: text, outputs: text, error: text }) }])
      const read = (await runs.get('a'))!
      for (const kept of [read.inputs, read.outputs, read.error]) expect(kept).toBe(asKept(text, kept!))
    })
  })

  test('what is changed at one moment is all there', async () => {
    const runs = await open()
    const ids = Array.from({ length: 300 }, (_, index) => `run-${index}`)
    await Promise.all(ids.map((id) => accept(runs, id)))
    await Promise.all(ids.map((id) => end(runs, id, 'completed')))
    expect((await runs.summaries(ids)).map(({ status }) => status)).toEqual(ids.map(() => 'completed'))
  })

  test('runs are unfinished while they are pending or running, oldest first', async () => {
    const runs = await open()
    await accept(runs, 'new', { startedAt: at + 1 })
    for (const id of ['b', 'a', 'c', 'd', 'e', 'f']) await accept(runs, id)
    await runs.change('new', () => step({ status: 'running' }))
    await end(runs, 'c', 'completed')
    await end(runs, 'd', 'failed')
    await end(runs, 'e', 'cancelled')
    await end(runs, 'f', 'lost')
    expect(await runs.unfinished()).toEqual(['b', 'a', 'new'])
    // Of a connection that failed.
    await runs.change('new', () => step({ status: 'pending' }, 'unsent'))
    expect(await runs.unfinished()).toEqual(['b', 'a', 'new'])
  })

  test('a run knows those that repeat it, oldest first', async () => {
    const runs = await open()
    await accept(runs, 'a')
    await accept(runs, 'later', { rerunOf: 'a', startedAt: at + 2 })
    await accept(runs, 'sooner', { rerunOf: 'a', startedAt: at + 1 })
    expect((await runs.details('a'))!.reruns).toEqual(['sooner', 'later'])
    expect((await runs.details('later'))!.reruns).toEqual([])
    expect(await runs.details('none')).toBeUndefined()
  })

  test('summaries are of the runs that there are, newest first', async () => {
    const runs = await open()
    await accept(runs, 'old', { workflow, startedBy, startedById })
    await accept(runs, 'new', { startedAt: at + 1 })
    await runs.change('old', () => step(completed, 'completed'))
    const { status, completedAt, durationSeconds, totalTokens, totalCostUsd } = completed
    const [, summary] = await runs.summaries(['old', 'none', 'new'])
    expect(summary).toEqual({
      ...{ id: 'old', agent: 'writer', agentId: 'writer', workflow, startedAt: at },
      ...{ status, completedAt, durationSeconds, totalTokens, totalCostUsd, isReported: false },
      startedBy: 'Ada',
    })
    expect((await runs.summaries(['old', 'none', 'new'])).map(({ id }) => id)).toEqual(['new', 'old'])
    expect(await runs.summaries([])).toEqual([])
  })

  test('earlier runs are those of the same agent, latest first', async () => {
    const runs = await open()
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) await accept(runs, id, { startedAt: at + index })
    await accept(runs, 'other', { agentId: 'other', startedAt: at + 1 })
    const earlier = async (id: string, max: number) => (await runs.earlier(id, max)).map((run) => run.id)
    expect(await earlier('d', 2)).toEqual(['c', 'b'])
    expect(await earlier('b', 5)).toEqual(['a'])
    expect(await earlier('other', 5)).toEqual([])
    expect(await earlier('none', 5)).toEqual([])
  })

  test('the latest inputs are those of one agent, newest first', async () => {
    const runs = await open()
    for (const [index, id] of ['a', 'b', 'c'].entries())
      await accept(runs, id, { startedAt: at + index, inputs: `"${id}"` })
    await accept(runs, 'other', { agentId: 'other' })
    expect(await runs.latestInputs('writer', 2)).toEqual([
      { id: 'c', inputs: '"c"', startedAt: at + 2 },
      { id: 'b', inputs: '"b"', startedAt: at + 1 },
    ])
    expect(await runs.latestInputs('Writer', 2)).toEqual([])
  })

  test('the latest completed runs are those of one workflow that have a duration, newest first', async () => {
    const runs = await open()
    const ended = async (id: string, workflow: string, change: RunStep['change'], agentId = 'writer') => {
      await accept(runs, id, { agentId, workflow, startedAt: at + id.charCodeAt(0) })
      await runs.change(id, () => step({ status: 'completed', ...change }, 'completed'))
    }
    await ended('a', 'write', { durationSeconds: 3, totalCostUsd: 0.5 })
    await ended('b', 'write', { durationSeconds: 1 })
    await ended('c', 'write', { durationSeconds: 2, totalCostUsd: 0 })
    await ended('d', 'edit', { durationSeconds: 9 })
    await ended('e', 'write', { durationSeconds: 9 }, 'other')
    await ended('f', 'write', { durationSeconds: 9, status: 'failed' })
    await ended('g', 'write', {})
    await accept(runs, 'h', { workflow: 'write', startedAt: at + 200 })
    expect(await runs.latestCompleted('writer', 'write', 50)).toEqual([
      { durationSeconds: 2, costUsd: 0 },
      { durationSeconds: 1, costUsd: null },
      { durationSeconds: 3, costUsd: 0.5 },
    ])
    expect((await runs.latestCompleted('writer', 'write', 2)).map(({ durationSeconds }) => durationSeconds)).toEqual([
      2, 1,
    ])
    expect(await runs.latestCompleted('writer', 'none', 50)).toEqual([])
  })

  test('a run of ours has no states of nodes', async () => {
    const runs = await open()
    await accept(runs, 'a')
    const page = { from: 0, max: 10, maxCharacters: 10, isPatient: true }
    expect(await runs.nodeStates('a', page)).toEqual({ total: 0, previous: undefined, states: [] })
    expect(await runs.nodeStateText('a', 1)).toBeUndefined()
  })

  test('the revision moves with what is recorded, and not by reading', async () => {
    const store = await openStore()
    const seen = [store.revision()]
    for (const change of [() => accept(store.runs, 'a'), () => end(store.runs, 'a', 'completed')]) {
      await change()
      seen.push(store.revision())
      await store.runs.details('a')
      await store.runs.unfinished()
      expect(store.revision()).toBe(seen.at(-1))
    }
    expect(new Set(seen).size).toBe(seen.length)
  })
}
