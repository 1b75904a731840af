import type { Protocol, ProtocolName } from '../../agent/protocol.ts'
import type { Clock } from '../../shared/clock.ts'
import type { createSlots, Slot } from '../../shared/slots.ts'
import type { RunRecord, RunStore } from '../../store/ports/runs.ts'
import type { EventStream } from '../events.ts'
import { agentAt, type Callable, targetOf } from '../registry/target.ts'
import { callAgent, stoppedMessage, unsentSentence } from './call.ts'
import { followJob, type JobProgress } from './job.ts'
import { NoRoomError, type RunRecorder } from './recorder.ts'
import { isNameLost } from './redaction.ts'
import { applyEvent, type RunEvent } from './state.ts'
import type { RunTime } from './time.ts'

/** A run that is carried out here. */
export type ActiveRun = {
  row: RunRecord
  time: RunTime
  progress: JobProgress & {
    /** For a slot. */
    isWaiting: boolean
    /** What cannot go on because the database cannot be written: its answer is held, or it is not sent yet. */
    held: 'answer' | 'send' | undefined
  }
  /** Aborts when the run was cancelled. */
  stop: AbortController
  done: Promise<void>
}

export type RunTimeouts = {
  /** For the one answer to POST /run. */
  runTimeoutMs: number
  /** For the whole of a run that the agent took to the background, from when it was sent. */
  jobTimeoutMs: number
}

/** A connection that fails before a byte is sent is tried once more: the agent may be restarting. */
const mostAttempts = 2
const retryMs = 1000
/** Of an agent that does not answer so often in a row nobody knows whether it still works: it holds no slot. */
const unansweredUntilFree = 3

/** So often it is looked whether there is room for an answer. */
const roomEveryMs = 5000

const noRoomProblem = 'its answer cannot be saved yet: the database cannot be written'
const passwordGoneMessage =
  'The dashboard was restarted before this run was sent, and its password is not kept. Use "Edit and run again".'
const nameLostMessage =
  "The dashboard was restarted while the agent worked on this run. The job's name held a password and was not kept, so the agent can no longer be asked for the result."

/** Takes one run to its end: waits for a slot, sends it, and follows its job. */
export function createRunWork(deps: {
  protocols: Record<ProtocolName, Pick<Protocol, 'run' | 'follow'>>
  runs: Pick<RunStore, 'change'>
  recorder: RunRecorder
  slots: ReturnType<typeof createSlots>
  clock: Clock
  random: () => number
  limits: RunTimeouts
  /** Where an agent is now, or was when it was removed; undefined when nobody knows. */
  callable: (agentId: string) => Callable | undefined
  sentInputs: (runId: string) => string | undefined
  events: EventStream
  stopping: AbortSignal
  giveUp: AbortSignal
}) {
  const { protocols, runs, recorder, slots, clock, random, limits, callable, sentInputs, events, stopping, giveUp } =
    deps

  const { record, recordSent } = recorder

  const agentOf = ({ agentId, agentUrl }: RunRecord): Callable => callable(agentId!) ?? agentAt(agentUrl!)

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
  async function send(run: ActiveRun): Promise<RunRecord | undefined> {
    const { row: pending, time, stop } = run
    const inputs = pending.withheld.length === 0 ? (pending.inputs ?? '{}') : sentInputs(pending.id)
    const failed = (attempt: number, message: string): RunEvent => ({ kind: 'failed', attempt, message })
    for (let row = pending, tries = 1; ; tries++) {
      if (inputs === undefined) {
        await record(run, failed(row.attempt, passwordGoneMessage))
        return undefined
      }
      const agent = agentOf(row)
      const { url, protocol } = agent
      const sent = await time.idle(recordSent(run, { kind: 'sent', attempt: row.attempt + 1, url }))
      if (!sent) return undefined
      run.row = sent
      time.sent()
      const signal = AbortSignal.any([giveUp, stop.signal])
      const outcome = await callAgent(protocols[protocol], targetOf(agent), sent, {
        inputs,
        deadlineMs: limits.runTimeoutMs,
        signal,
      })
      if (outcome.isGood) events.emit('agent-answered', { agentId: row.agentId!, url })
      const isLastTry = tries >= mostAttempts
      const event =
        outcome.event.kind === 'unsent' && isLastTry
          ? failed(outcome.event.attempt, unsentSentence(url, outcome.record))
          : outcome.event
      const recorded = record(run, event, outcome.record)
      const after = await (event.kind === 'unsent' ? time.idle(recorded) : recorded)
      // What is kept of the job's name may lack a password, and cannot be asked for.
      if (event.kind === 'job') return after && { ...after, jobId: event.jobId }
      if (event.kind !== 'unsent' || !after) return undefined
      await pause(retryMs, AbortSignal.any([stopping, stop.signal]))
      if (stopping.aborted) return undefined
      run.row = after
      row = after
    }
  }

  /** The address that a job was last asked at is kept with the run: it is where its agent was when it is removed. */
  async function keepAddress(run: ActiveRun, url: string): Promise<void> {
    const { id, attempt, agentUrl } = run.row
    if (url === agentUrl) return
    const event: RunEvent = { kind: 'moved', attempt, url }
    try {
      const moved = await runs.change(id, (current) => applyEvent(current, event, run.time.moment()))
      if (moved?.isChanged) run.row = { ...run.row, agentUrl: url }
    } catch {
      // Tried again with the next question.
    }
  }

  /** The agent has the answer of a job, and we have no room for it: it is asked again when there is. */
  async function roomFor({ progress, stop }: ActiveRun, size: number): Promise<void> {
    progress.problem = noRoomProblem
    const signal = AbortSignal.any([stopping, stop.signal])
    do await pause(roomEveryMs, signal)
    while (!recorder.hasRoomFor(size) && !signal.aborted)
  }

  async function follow(run: ActiveRun, slot: Slot): Promise<void> {
    const { row, time, progress, stop } = run
    let unanswered = 0
    const end = await followJob(row, {
      protocols,
      elapsed: clock.elapsed,
      random,
      pause,
      agent: () => agentOf(run.row),
      limitMs: limits.jobTimeoutMs,
      sinceSentMs: time.sinceSentMs,
      signal: AbortSignal.any([stopping, stop.signal]),
      progress,
      onAsked(isAnswered, url) {
        unanswered = isAnswered ? 0 : unanswered + 1
        if (isAnswered) slot.hold()
        else if (unanswered >= unansweredUntilFree) slot.release()
        if (isAnswered) events.emit('agent-answered', { agentId: row.agentId!, url })
        void keepAddress(run, url)
      },
    })
    if (!end) return
    try {
      await record(run, end.event, end.record, true)
    } catch (error) {
      if (!(error instanceof NoRoomError)) throw error
      slot.release()
      await roomFor(run, error.size)
      await follow(run, slot)
    }
  }

  /** `orphan` is why a run ends that was sent, and of which nobody hears the answer. */
  return async function work(run: ActiveRun, orphan = stoppedMessage): Promise<void> {
    const { row, progress, stop } = run
    const { id, agentId, status, jobId, attempt } = row
    if (status !== 'pending' && jobId === null) {
      progress.isWaiting = false
      await record(run, { kind: 'lost', attempt, message: orphan })
      return
    }
    const slot = jobId === null ? await slots.take(agentId!, id, stop.signal) : slots.seize(agentId!, id)
    if (!slot) return
    progress.isWaiting = false
    try {
      if (stopping.aborted) return
      const working = status === 'pending' ? await send(run) : row
      if (!working) return
      run.row = working
      if (isNameLost(working.jobId)) {
        await record(run, { kind: 'lost', attempt: working.attempt, message: nameLostMessage })
        return
      }
      await follow(run, slot)
    } finally {
      slot.release()
    }
  }
}
