import type { AgentClient } from '../agent/client.ts'
import type { ExchangeRecord } from '../agent/exchange.ts'
import type { Clock } from '../clock.ts'
import { AppError, ConflictError, NotFoundError, StoreBusyError } from '../errors.ts'
import type { RunRow, RunTable } from '../store/runs.ts'
import { followJob, type JobProgress } from './job-follow.ts'
import { exchangeOf, isNameLost, redactedEvent, redactedProgress } from './redaction.ts'
import type { Agent } from './registry.ts'
import { callAgent, stoppedMessage, unsentSentence } from './run-call.ts'
import { digest, keyOf } from './run-key.ts'
import { applyEvent, type RunEvent } from './run-state.ts'
import { createSlots } from './slots.ts'
import { endsWithin } from './within.ts'

export type ExecutionLimits = {
  /** For the one answer to POST /run. */
  runTimeoutMs: number
  /** For the whole of a run that the agent took to the background, from when it was sent. */
  jobTimeoutMs: number
  perAgent: number
  inAll: number
}

/** A run to be carried out. `inputs` is the JSON text of an object and is sent as it is. */
export type RunRequest = {
  agent: Agent
  inputs: string
  /** What is kept instead of the inputs, and which of them are left out of it: passwords. */
  withheld?: { stored: string; fields: string[] } | undefined
  /** The workflow's own name, where it is known. */
  workflow?: string | undefined
  /** The agent's schema, kept with the run to tell later what has changed. */
  schemaText?: string | undefined
  /**
   * Under one key there is one run, for a day. A script that uses its key for other inputs is refused; a form that
   * was changed and sent again makes a new run.
   */
  key?: { scope: 'api' | 'form'; value: string } | undefined
  rerunOf?: string | undefined
}

/** How a run goes that has not ended. */
export type RunProgress = JobProgress & { isWaiting: boolean }

type Active = { done: Promise<void>; stop: AbortController; progress: RunProgress }

/** What runs get to finish when the program is told to stop. */
const graceMs = 10_000
/** A connection that fails before a byte is sent is tried once more: the agent may be restarting. */
const mostAttempts = 2
const retryMs = 1000

const cancelledMessage =
  'You stopped waiting for this run. The agent cannot be told: it may go on working, and costing.'
const unforeseenMessage =
  'Something went wrong in the dashboard itself while it carried out this run; its log says more. The agent may have finished.'
const passwordGoneMessage =
  'The dashboard was restarted before this run was sent, and its password is not kept. Use "Edit and run again".'

const nameLostMessage =
  "The dashboard was restarted while the agent worked on this run. The job's name held a password and was not kept, so the agent can no longer be asked for the result."

export type Executions = ReturnType<typeof createExecutions>

/**
 * Carries out runs: records one before anything is sent, sends it once, follows it to its end. The row in the
 * database is the whole state of a run, so a start after any kind of end goes on from there (`resume`).
 */
export function createExecutions(deps: {
  client: Pick<AgentClient, 'run' | 'askJob'>
  runs: RunTable
  clock: Clock
  newId: () => string
  /** 0 to 1. */
  random: () => number
  limits: ExecutionLimits
  /** Is told of every good answer of an agent, and where that came from. */
  onAlive: (agentId: string, url: string) => void
  onError: (error: unknown, runId: string) => void
}) {
  const { client, runs, clock, newId, random, limits, onAlive, onError } = deps
  const slots = createSlots(limits.perAgent, limits.inAll)
  const active = new Map<string, Active>()
  /** Inputs with the passwords that are not on disk, until they were sent. */
  const unkept = new Map<string, string>()
  const stopping = new AbortController()
  const giveUp = new AbortController()

  /** Writes what an event changes. Another program may hold the database for minutes: an end must not be forgotten. */
  async function record(row: RunRow, event: RunEvent, made?: ExchangeRecord): Promise<RunRow | undefined> {
    const sent = unkept.get(row.id)
    const exchange = made && exchangeOf(made, row, sent, clock.now())
    const happened = redactedEvent(event, row, sent)
    for (;;) {
      try {
        return await runs.change(row.id, (current) => applyEvent(current, happened, clock.now()), exchange)
      } catch (error) {
        if (!(error instanceof StoreBusyError) || giveUp.signal.aborted) throw error
      }
    }
  }

  function pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const done = () => {
        cancel()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const cancel = clock.after(ms, done)
      signal.addEventListener('abort', done)
    })
  }

  /** Sends a pending run; resolves to its row when the agent has taken it to the background. */
  async function send(pending: RunRow, stop: AbortSignal): Promise<RunRow | undefined> {
    const url = pending.agentUrl!
    const inputs = pending.withheld === null ? (pending.inputs ?? '{}') : unkept.get(pending.id)
    const failed = (attempt: number, message: string): RunEvent => ({ kind: 'failed', attempt, message })
    for (let row = pending, tries = 1; ; tries++) {
      if (inputs === undefined) {
        await record(row, failed(row.attempt ?? 0, passwordGoneMessage))
        return undefined
      }
      const sent = await record(row, { kind: 'sent', attempt: (row.attempt ?? 0) + 1 })
      if (!sent) return undefined
      const signal = AbortSignal.any([giveUp.signal, stop])
      const outcome = await callAgent(client, sent, { inputs, deadlineMs: limits.runTimeoutMs, signal })
      if (outcome.isGood) onAlive(row.agentId!, row.agentUrl!)
      const isLastTry = tries >= mostAttempts
      const event =
        outcome.event.kind === 'unsent' && isLastTry
          ? failed(outcome.event.attempt, unsentSentence(url, outcome.record))
          : outcome.event
      const after = await record(sent, event, outcome.record)
      // What is kept of the job's name may lack a password, and cannot be asked for.
      if (event.kind === 'job') return after && { ...after, jobId: event.jobId }
      if (event.kind !== 'unsent' || !after) return undefined
      await pause(retryMs, AbortSignal.any([stopping.signal, stop]))
      if (stopping.signal.aborted) return undefined
      row = after
    }
  }

  async function work(row: RunRow, { stop, progress }: Active): Promise<void> {
    const release = await slots.take(row.agentId!)
    progress.isWaiting = false
    try {
      if (stopping.signal.aborted) return
      const working = row.status === 'pending' ? await send(row, stop.signal) : row
      if (!working) return
      if (isNameLost(working.jobId)) {
        await record(working, { kind: 'lost', attempt: working.attempt ?? 0, message: nameLostMessage })
        return
      }
      const signal = AbortSignal.any([stopping.signal, stop.signal])
      const { now } = clock
      const end = await followJob(working, {
        client,
        now,
        random,
        pause,
        limitMs: limits.jobTimeoutMs,
        signal,
        progress,
        onAlive: () => onAlive(row.agentId!, row.agentUrl!),
      })
      if (end) await record(working, end.event, end.record)
    } finally {
      release()
    }
  }

  /** The last resort: whatever nobody thought of must not leave a run going on for ever. */
  async function giveUpOn(row: RunRow, error: unknown): Promise<void> {
    onError(error, row.id)
    const attempt = runs.get(row.id)?.attempt ?? 0
    await record(row, { kind: 'failed', attempt, message: unforeseenMessage })
  }

  /** Takes a run to its end: sends it, or goes on asking for its job. */
  function follow(row: RunRow): void {
    if (active.has(row.id)) return
    const progress = { isWaiting: true, polls: 0, heardAt: undefined, word: undefined, problem: undefined }
    const entry: Active = { done: Promise.resolve(), stop: new AbortController(), progress }
    active.set(row.id, entry)
    entry.done = work(row, entry)
      .catch((error) => giveUpOn(row, error))
      .catch((error) => onError(error, row.id))
      .finally(() => {
        active.delete(row.id)
        unkept.delete(row.id)
      })
  }

  return {
    /**
     * Records a run and resolves as soon as it is on disk; the agent is called after that. `isRepeat` says that the
     * key had led to that run already. Throws AppError when a script uses a key for other inputs.
     */
    async accept(request: RunRequest): Promise<{ runId: string; isRepeat: boolean }> {
      const { agent, inputs, withheld, key, schemaText } = request
      const id = newId()
      const now = clock.now()
      if (withheld) unkept.set(id, inputs)
      const { row, isRepeat, isSame } = await runs.accept(
        {
          id,
          workflowName: agent.id,
          status: 'pending',
          inputs: withheld?.stored ?? inputs,
          startedAt: now,
          agentId: agent.id,
          agentWorkflow: request.workflow ?? null,
          agentUrl: agent.url,
          attempt: 0,
          withheld: withheld ? JSON.stringify(withheld.fields) : null,
          rerunOf: request.rerunOf ?? null,
        },
        key && keyOf(agent.id, inputs, key, now),
        schemaText === undefined ? undefined : { hash: digest(schemaText), text: schemaText },
      )
      if (!isRepeat) follow(row)
      else unkept.delete(id)
      if (isSame) return { runId: row.id, isRepeat }
      throw new AppError('key-reused', 422, 'This Idempotency-Key was used with other inputs before.', [
        { field: 'Idempotency-Key', message: 'Use a new key for new inputs.' },
      ])
    },

    /**
     * Stops waiting for a run. The agent cannot be told. Throws NotFoundError; ConflictError when the run has ended or
     * is not ours.
     */
    async cancel(id: string): Promise<void> {
      const row = runs.get(id)
      if (!row) throw new NotFoundError('run', id)
      if (row.agentId === null)
        throw new ConflictError('The Python program carries this run out itself; only it can stop it.')
      const cancelled = await record(row, { kind: 'cancelled', message: cancelledMessage })
      if (!cancelled) throw new ConflictError(`This run has already ended: it is ${runs.get(id)?.status ?? 'gone'}.`)
      active.get(id)?.stop.abort()
    },

    /** Resolves when the run has ended, or when that took longer than `withinMs`. */
    async ended(id: string, withinMs: number): Promise<void> {
      const entry = active.get(id)
      if (entry) await endsWithin(clock, withinMs, entry.done)
    },

    /** How many runs an agent works on, as far as we know: those that wait here do not count. */
    runsOn: slots.takenBy,

    /** Moves when that changes for an agent. */
    changes: slots.changes,

    /** How many runs are carried out here, those that wait for a place among them. */
    underWay: (): number => active.size,

    /** How a run goes that has not ended; undefined when nobody carries it out here. */
    progress(id: string): RunProgress | undefined {
      const entry = active.get(id)
      const sent = unkept.get(id)
      const row = entry && sent !== undefined ? runs.get(id) : undefined
      return row ? redactedProgress(entry!.progress, row, sent) : entry?.progress
    },

    /**
     * Goes on with every run that had not ended when the program did: what was not sent is sent, a job is asked for
     * again, and what was sent without an answer is lost, as sending it twice might do the work twice. At start, and
     * again when older rows of the history have been read, which may be such runs too.
     */
    resume(): void {
      // Jobs first: they have their places already.
      const unfinished = runs.unfinished().sort((a, b) => Number(a.jobId === null) - Number(b.jobId === null))
      for (const row of unfinished) {
        if (active.has(row.id)) continue
        const { id, status, jobId, attempt } = row
        if (status === 'pending' || jobId !== null) follow(row)
        else
          record(row, { kind: 'lost', attempt: attempt ?? 0, message: stoppedMessage }).catch((error) =>
            onError(error, id),
          )
      }
    },

    /** Lets what was sent finish for ten seconds, then gives up on it and records that. */
    async close(): Promise<void> {
      stopping.abort()
      const ended = Promise.all([...active.values()].map(({ done }) => done))
      const cancelGrace = clock.after(graceMs, () => giveUp.abort())
      await ended
      cancelGrace()
    },
  }
}
