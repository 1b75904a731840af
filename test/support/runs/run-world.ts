import { expect } from 'vitest'
import { createEventStream } from '../../../src/orchestrator/events.ts'
import { createExecutions } from '../../../src/orchestrator/runs/engine.ts'
import { localActor } from '../../../src/shared/actor.ts'
import { StorageFaultError } from '../../../src/shared/errors.ts'
import type { RunRecord, RunStore } from '../../../src/store/ports/runs.ts'
import type { SqliteStore } from '../../../src/store/sqlite/store.ts'
import { createFakeProtocol, type OpenCall } from '../agents/fake-protocol.ts'
import { createTestClock, settle } from '../clock.ts'
import { createRunTable } from '../store/run-table.ts'
import { slowly } from '../store/slow-store.ts'
import { agentNamed, callableAt } from './executions.ts'

export const perAgent = 2
export const inAll = 3
const limits = { runTimeoutMs: 120_000, jobTimeoutMs: 40_000, perAgent, inAll }
/** A process that was killed gets no answer from anybody any more. */
const never = new Promise<never>(() => undefined)

type Request = { agent: number; key?: number | undefined; isWithheld: boolean }

/**
 * A dashboard's engine on a real database, every other one far away from it, and all that may happen to it: answers,
 * cancels, time, and its end.
 */
export function createRunWorld(store: SqliteStore, number: number) {
  const table = createRunTable(store)
  const stored = number % 2 === 0 ? store.runs : slowly(store.runs)
  const clock = createTestClock()
  /** What each acknowledged run has to send. */
  const inputsOf = new Map<string, string>()
  const runOfKey = new Map<number, string>()
  /** How each POST of a run ended; undefined while nobody knows. */
  const posts = new Map<string, { ending: string | undefined }[]>()
  const problems: unknown[] = []
  /** Where each agent has been, the last one now. */
  const addresses = new Map<string, string[]>()
  const full = new StorageFaultError(
    { kind: 'full', reason: 'The disk is full.', reasonForAdmins: 'The disk is full.' },
    'write',
  )
  let isFull = false
  let whenWritable: (() => void)[] = []
  let ids = 0
  let revision = ''
  let life = begin()

  function begin() {
    const self = { isDead: false, posted: new Set<string>() }
    const alive = async <T>(promise: Promise<T>): Promise<T> => {
      const value = await promise
      return self.isDead ? never : value
    }
    const written = <T>(write: () => Promise<T>) => (isFull ? alive(Promise.reject(full)) : alive(write()))
    const runs: RunStore = {
      ...store.runs,
      get: (id) => alive(stored.get(id)),
      unfinished: () => alive(stored.unfinished()),
      accept: (acceptance) => written(() => stored.accept(acceptance)),
      change: (id, decide, exchange) =>
        written(() => stored.change(id, (run) => (self.isDead ? undefined : decide(run)), exchange)),
    }
    const agentOf = (runId: string) => table.get(runId)!.agentId!
    const onPost = (id: string, inputs: string, address: string) => {
      const earlier = posts.get(id) ?? []
      expect(
        earlier.map(({ ending }) => ending).filter((ending) => ending !== 'unsent'),
        'sent once',
      ).toEqual([])
      expect(table.events(id).at(-1)?.kind, 'on disk before it is sent').toMatch(/^(sent|cancelled)$/)
      expect(inputs).toBe(inputsOf.get(id) ?? inputs)
      expect(inputs).toMatch(/^\{"topic":/)
      posts.set(id, [...earlier, { ending: undefined }])
      const been = addresses.get(agentOf(id)) ?? [agentNamed(agentOf(id)).url]
      expect(been, 'sent to its agent').toContain(address)
      expect(table.get(id)!.agentUrl, 'recorded where it was sent').toBe(address)
      self.posted.add(id)
    }
    const fake = createFakeProtocol(onPost, (id, address) => {
      expect(address, 'asked where its agent is').toBe(
        addresses.get(agentOf(id))?.at(-1) ?? agentNamed(agentOf(id)).url,
      )
    })
    const events = createEventStream((error) => problems.push(error))
    // Stopped while nothing can be written, it has to say so.
    events.on('failure', ({ error }) => {
      if (error !== full && (error as Error).cause !== full) problems.push(error)
    })
    const executions = createExecutions({
      protocols: { plain: fake.protocol },
      runs,
      clock: { ...clock, after: (ms, run) => clock.after(ms, () => self.isDead || run()) },
      newId: () => `${number}-${ids++}`,
      randomHex: (bytes) => 'ab'.repeat(bytes),
      random: () => 0.5,
      limits,
      fault: () => (isFull ? full : undefined),
      writable: () =>
        new Promise((resolve) => {
          const done = () => self.isDead || resolve()
          if (isFull) whenWritable.push(done)
          else done()
        }),
      callable: (agentId) => callableAt(addresses.get(agentId)?.at(-1)),
      events,
    })
    return { self, fake, executions }
  }

  const unfinished = (): RunRecord[] => table.unfinished().map((id) => table.get(id)!)

  return {
    clock,
    calls: () => life.fake.open(),
    runIds: () => [...inputsOf.keys()],
    unfinished,
    row: (id: string) => table.get(id),
    events: table.events,
    /** Whether anything was written since this was last asked. */
    hasChanged(): boolean {
      const before = revision
      revision = store.revision()
      return revision !== before
    },
    problems,

    accept({ agent, key, isWithheld }: Request): void {
      const inputs = key === undefined ? `{"topic":"${ids}"}` : `{"topic":"key ${key}"}`
      const request = {
        agent: agentNamed(`agent-${key ?? agent}`),
        inputs,
        ...(isWithheld && { withheld: { stored: '{}', fields: ['topic'] } }),
        ...(key !== undefined && { key: { scope: 'api' as const, value: `${number} ${key}` } }),
      }
      life.executions
        .accept(request, localActor)
        .then(({ runId }) => {
          inputsOf.set(runId, inputs)
          if (key !== undefined) expect(runOfKey.get(key) ?? runId, 'one run for one key').toBe(runId)
          if (key !== undefined) runOfKey.set(key, runId)
        })
        .catch((error) => error === full || problems.push(error))
    },

    cancel(id: string | undefined): void {
      if (id === undefined) return
      const { executions } = life
      const isQueued = executions.progress(id)?.queued !== undefined
      executions
        .cancel(id, localActor)
        .then(() => new Promise((resolve) => setImmediate(resolve)))
        .then(() => {
          if (isQueued && executions.progress(id)?.queued) problems.push('a cancelled run is still queued')
        })
        .catch((error: Error) => {
          if (!/has already (ended|answered)/.test(error.message) && error !== full) problems.push(error)
        })
    },

    /** The disk has no room, or has room again. */
    fill(isNowFull: boolean): void {
      isFull = isNowFull
      if (isFull) return
      for (const done of whenWritable) done()
      whenWritable = []
    },

    /** An agent restarts on another port, and registers again. */
    move(agent: number): void {
      const id = `agent-${agent}`
      const been = addresses.get(id) ?? [agentNamed(id).url]
      addresses.set(id, [...been, `http://localhost:${9000 + been.length}/${id}`])
    },

    deafen(call: OpenCall | undefined): void {
      if (call) call.isDeaf = true
    },

    answer(call: OpenCall | undefined, ways: { run: string; job: string }): void {
      if (!call) return
      const how = ways[call.kind]
      const post = call.kind === 'run' ? posts.get(call.runId)?.at(-1) : undefined
      if (post) post.ending = how
      call.answer(how)
    },

    /** The process dies at this instant, and is started again. */
    async kill(): Promise<void> {
      life.self.isDead = true
      // What had reached SQLite is on disk; what had not is gone.
      await store.write(() => undefined)
      life = begin()
      life.executions.resume()
    },

    /** SIGTERM: what is under way gets ten seconds. */
    async stop(): Promise<void> {
      let isClosed = false
      life.executions.close().then(() => {
        isClosed = true
      })
      await settle()
      await clock.advance(10_000)
      for (const call of life.fake.open()) call.answer('cancelled')
      await settle()
      expect(isClosed, 'it stops in ten seconds').toBe(true)
      life.self.isDead = true
      const unheard = unfinished().filter(({ status, jobId }) => status === 'running' && jobId === null)
      if (!isFull) expect(unheard).toEqual([])
      life = begin()
      life.executions.resume()
    },

    /** The agents that are being called by this process. */
    called: (): string[] =>
      life.fake
        .open()
        .filter(({ kind, isGivenUp }) => kind === 'run' && !isGivenUp)
        .map(({ runId }) => table.get(runId)!.agentId!),

    isFollowed: (id: string) => life.executions.progress(id) !== undefined,
  }
}

export type RunWorld = ReturnType<typeof createRunWorld>
