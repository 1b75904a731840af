import type { Protocol, ProtocolName } from '../../agent/protocol.ts'
import type { Actor } from '../../shared/actor.ts'
import { type Clock, steadyTime } from '../../shared/clock.ts'
import { endsWithin } from '../../shared/deadline.ts'
import { AppError, ConflictError, NotFoundError } from '../../shared/errors.ts'
import { hasEnded } from '../../shared/run-status.ts'
import { createSlots } from '../../shared/slots.ts'
import type { RunRecord, RunStore } from '../../store/ports/runs.ts'
import { createBackgroundLoop } from '../background.ts'
import type { EventStream } from '../events.ts'
import type { Agent } from '../registry/agent.ts'
import type { Callable } from '../registry/target.ts'
import { stoppedMessage } from './call.ts'
import { keyOf } from './idempotency.ts'
import type { JobProgress } from './job.ts'
import { createRunRecorder } from './recorder.ts'
import { redactedProgress } from './redaction.ts'
import { type ActiveRun, createRunWork, type RunTimeouts } from './send.ts'
import { applyEvent } from './state.ts'
import { createRunTime } from './time.ts'

export type ExecutionLimits = RunTimeouts & { perAgent: number; inAll: number }

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

/** What a run waits for: all slots of its agent, or all there are, are held by these runs. */
export type Queued = { limit: 'agent' | 'all'; slots: number; heldBy: { runId: string; agentId: string }[] }

/** How a run goes that has not ended. */
export type RunProgress = Omit<JobProgress, 'heardAt'> & {
  /** How long it takes so far. */
  durationMs: number
  /** How long ago the agent last said something of the job that made sense. */
  heardAgoMs: number | undefined
  /** While it has to wait for a slot. */
  queued: Queued | undefined
  /** What cannot go on because the database cannot be written: its answer is held, or it is not sent yet. */
  held: 'answer' | 'send' | undefined
}

/** What runs get to finish when the program is told to stop. */
const graceMs = 10_000
/** So often runs are looked for that nobody follows. */
const sweepEveryMs = 60_000

const cancelledMessage =
  'You stopped waiting for this run. The agent was not told to stop; it may still be working, and costing money.'
const answeredMessage = 'The agent has already answered. The answer is saved as soon as the database can be written.'
const answerLostMessage = 'The agent answered, but the answer could not be saved before the dashboard stopped.'
const unforeseenMessage =
  'Unexpected error in the dashboard while it carried out this run. See its log. The agent may have finished.'
const unfollowedMessage = 'The dashboard could not record how this run ended. See its log. The agent may have finished.'

export type Executions = ReturnType<typeof createExecutions>

/**
 * Carries out runs: records one before anything is sent, sends it once, follows it to its end. The row in the
 * database is the whole state of a run, so a start after any kind of end goes on from there (`resume`).
 */
export function createExecutions(deps: {
  protocols: Record<ProtocolName, Pick<Protocol, 'run' | 'follow'>>
  runs: Pick<RunStore, 'get' | 'unfinished' | 'accept' | 'change'>
  clock: Clock
  newId: () => string
  /** 0 to 1. */
  random: () => number
  limits: ExecutionLimits
  /** Resolves when nothing is known to keep the database from being written. */
  writable: () => Promise<void>
  /** Why nothing can be written now, as far as that is known. */
  fault: () => unknown
  /** How many characters of answers are held while it cannot. */
  maxHeld?: number
  /** Where an agent is now, or was when it was removed; undefined when nobody knows. */
  callable: (agentId: string) => Callable | undefined
  events: EventStream
}) {
  const { clock, newId, limits, events } = deps
  const runs = withAnnouncedEnds(deps.runs, events)
  const slots = createSlots(limits.perAgent, limits.inAll)
  const active = new Map<string, ActiveRun>()
  /** Inputs with the passwords that are not on disk, until the run has ended. */
  const unkept = new Map<string, string>()
  const sentInputs = (runId: string) => unkept.get(runId)
  const stopping = new AbortController()
  const giveUp = new AbortController()
  const signals = { stopping: stopping.signal, giveUp: giveUp.signal }
  const recorder = createRunRecorder({ ...deps, ...signals, runs, sentInputs })
  const work = createRunWork({ ...deps, ...signals, runs, recorder, slots, sentInputs })
  /** How old a key is. */
  const steady = steadyTime(clock)
  /** Resolves when the runs of an earlier life have been taken up. */
  let resumed: Promise<unknown> = Promise.resolve()
  const onUnfollowed = (error: unknown) => events.emit('failure', { error, task: 'runs that nobody follows' })
  const sweep = createBackgroundLoop({
    clock,
    async step() {
      await takeUp(unfollowedMessage)
      return { restMs: sweepEveryMs }
    },
    onError: onUnfollowed,
    pace: { busyMs: sweepEveryMs, retryMs: sweepEveryMs },
  })

  const onError = (error: unknown, runId: string) => events.emit('failure', { error, task: 'run', runId })

  /** The last resort: whatever nobody thought of must not leave a run going on for ever. */
  async function giveUpOn(run: ActiveRun, error: unknown): Promise<void> {
    const { id } = run.row
    const isAnswerLost = run.progress.held === 'answer'
    onError(isAnswerLost ? new Error(answerLostMessage, { cause: error }) : error, id)
    const attempt = (await runs.get(id))?.attempt ?? 0
    await recorder.record(
      run,
      isAnswerLost
        ? { kind: 'lost', attempt, message: answerLostMessage }
        : { kind: 'failed', attempt, message: unforeseenMessage },
    )
  }

  /** Takes a run to its end: sends it, or goes on asking for its job. */
  function follow(row: RunRecord, orphan?: string): void {
    if (active.has(row.id)) return
    const run: ActiveRun = {
      row,
      time: createRunTime(clock, row),
      progress: { isWaiting: true, held: undefined, polls: 0, heardAt: undefined, word: undefined, problem: undefined },
      stop: new AbortController(),
      done: Promise.resolve(),
    }
    active.set(row.id, run)
    run.done = work(run, orphan)
      .catch((error) => giveUpOn(run, error))
      .catch((error) => onError(error, row.id))
      .finally(() => {
        active.delete(row.id)
        unkept.delete(row.id)
      })
  }

  /** `orphan` is why a run ends that was sent, and of which nobody hears the answer. */
  async function takeUp(orphan: string): Promise<void> {
    const rows: RunRecord[] = []
    for (const id of await runs.unfinished()) {
      const row = active.has(id) ? undefined : await runs.get(id)
      if (row) rows.push(row)
    }
    // Jobs first: they are at work already.
    rows.sort((a, b) => Number(a.jobId === null) - Number(b.jobId === null))
    // While they were read, one may have ended, and so may the dashboard.
    for (const row of rows) if (!hasEnded(row.status) && !stopping.signal.aborted) follow(row, orphan)
  }

  /** Throws NotFoundError, and ConflictError with the reason. */
  function refuseToCancel(id: string, run: RunRecord | undefined): void {
    if (!run) throw new NotFoundError('run', id)
    if (run.agentId === null)
      throw new ConflictError('The Python program carries this run out itself; only it can stop it.')
    if (hasEnded(run.status)) throw new ConflictError(`This run has already ended: it is ${run.status}.`)
  }

  function queuedBehind(agentId: string): Queued {
    const { limit, slots: count, holders } = slots.blocking(agentId)
    const heldBy = holders.map(({ key, name }) => ({ runId: name, agentId: key }))
    return { limit: limit === 'key' ? 'agent' : 'all', slots: count, heldBy }
  }

  return {
    /**
     * Records a run and resolves as soon as it is on disk; the agent is called after that. `isRepeat` says that the
     * key had led to that run already. Throws AppError when a script uses a key for other inputs. `via` records it
     * together with something else, and is called at once.
     */
    async accept(
      request: RunRequest,
      by: Actor,
      via: Pick<RunStore, 'accept'> = runs,
    ): Promise<{ runId: string; isRepeat: boolean }> {
      const { agent, inputs, withheld, key, schemaText } = request
      const id = newId()
      if (withheld) unkept.set(id, inputs)
      const accepted = via.accept({
        run: () => ({
          id,
          inputs: withheld?.stored ?? inputs,
          startedAt: clock.now(),
          agentId: agent.id,
          workflow: request.workflow,
          agentUrl: agent.url,
          withheld: withheld?.fields ?? [],
          rerunOf: request.rerunOf ?? null,
        }),
        key: key && keyOf(agent.id, inputs, key, steady()),
        schemaText,
      })
      const { run, isRepeat, isSame } = await accepted.catch((error) => {
        unkept.delete(id)
        throw error
      })
      if (isRepeat) unkept.delete(id)
      else {
        events.emit('run-accepted', { runId: id, agentId: agent.id, rerunOf: request.rerunOf, by })
        follow(run)
      }
      if (isSame) return { runId: run.id, isRepeat }
      throw new AppError('key-reused', 422, 'This Idempotency-Key was used with other inputs before.', [
        { field: 'Idempotency-Key', message: 'Use a new key for new inputs.' },
      ])
    },

    /**
     * Stops waiting for a run. The agent cannot be told. Throws NotFoundError; ConflictError when the run has ended or
     * is not ours; StoreBusyError and StorageFaultError. `via` records it together with something else, and is called at
     * once.
     */
    async cancel(id: string, by: Actor, via?: Pick<RunStore, 'change'>): Promise<void> {
      // What is refused is refused also where nothing can be written.
      if (!via) refuseToCancel(id, await runs.get(id))
      const run = active.get(id)
      if (run?.progress.held === 'answer') throw new ConflictError(answeredMessage)
      const event = { kind: 'cancelled', message: cancelledMessage } as const
      const { change } = via ? withAnnouncedEnds(via, events) : runs
      const decided = await change(id, (current) => {
        const time = run?.time ?? createRunTime(clock, current)
        return current.agentId === null ? undefined : applyEvent(current, event, time.moment())
      })
      if (!decided?.isChanged) return refuseToCancel(id, decided?.run)
      events.emit('run-cancelled', { runId: id, agentId: decided.run.agentId!, by })
      active.get(id)?.stop.abort()
    },

    /** Resolves when the run has ended, or when that took longer than `withinMs`. */
    async ended(id: string, withinMs: number): Promise<void> {
      const run = active.get(id)
      if (run) await endsWithin(clock, withinMs, run.done)
    },

    /** How many runs an agent works on, as far as we know: those that wait here do not count. */
    runsOn: slots.takenBy,

    /** Moves when that changes for an agent. */
    changes: slots.changes,

    /** Whether a run is carried out here, or waits for that. */
    isUnderWay: (id: string): boolean => active.has(id),

    /** How a run goes that has not ended; undefined when nobody carries it out here. */
    progress(id: string): RunProgress | undefined {
      const run = active.get(id)
      if (!run) return undefined
      const { isWaiting, heardAt, ...progress } = redactedProgress(run.progress, run.row, unkept.get(id))
      return {
        ...progress,
        durationMs: run.time.moment().durationMs,
        heardAgoMs: heardAt === undefined ? undefined : clock.elapsed() - heardAt,
        queued: isWaiting ? queuedBehind(run.row.agentId!) : undefined,
      }
    },

    /**
     * Goes on with every run that had not ended when the program did: what was not sent is sent, a job is asked for
     * again, and what was sent without an answer is lost, as sending it twice might do the work twice. At start, and
     * again when older rows of the history have been read, which may be such runs too.
     */
    resume(): void {
      resumed = Promise.all([resumed, takeUp(stoppedMessage).catch(onUnfollowed)])
    },

    /** From now on runs that nobody follows are looked for, and taken up. */
    start: (): void => sweep.start(sweepEveryMs),

    /** The agents of the runs that were sent and are not answered yet, one for each run. */
    agentsAtWork: (): string[] =>
      [...active.values()]
        .filter(({ progress, row }) => !progress.isWaiting && row.jobId === null)
        .map(({ row }) => row.agentId!),

    /** Lets what was sent finish for ten seconds, then gives up on it and records that. */
    async close(): Promise<void> {
      // What an earlier life has sent is taken up, or it would wait for the next life to be recorded as lost.
      await Promise.all([sweep.stop(), resumed])
      stopping.abort()
      for (const { progress, stop } of active.values()) if (progress.isWaiting) stop.abort()
      const ended = Promise.all([...active.values()].map(({ done }) => done))
      const cancelGrace = clock.after(graceMs, () => giveUp.abort())
      await ended
      cancelGrace()
    },
  }
}

/** What has ended is never changed again, so a change that leaves a run ended has ended it. */
function withAnnouncedEnds<T extends Pick<RunStore, 'change'>>(runs: T, events: EventStream): T {
  return {
    ...runs,
    async change(...change: Parameters<RunStore['change']>) {
      const decided = await runs.change(...change)
      if (decided?.isChanged && hasEnded(decided.run.status)) {
        const { id, agent, status, durationSeconds } = decided.run
        events.emit('run-ended', { runId: id, agentId: agent, status, durationSeconds })
      }
      return decided
    },
  }
}
