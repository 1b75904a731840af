import type { AgentClient } from '../agent/client.ts'
import { AgentFailure } from '../agent/failure.ts'
import type { Clock } from '../clock.ts'
import { StoreBusyError } from '../errors.ts'
import type { RunRow, RunTable } from '../store/runs.ts'
import type { Agent } from './registry.ts'
import { applyEvent, type RunEvent } from './run-state.ts'
import { createSlots } from './slots.ts'

export type ExecutionLimits = {
  /** For the one answer to POST /run. */
  runTimeoutMs: number
  /** For the whole of a run that the agent took to the background, from when it was sent. */
  jobTimeoutMs: number
  perAgent: number
  inAll: number
}

export type Executions = ReturnType<typeof createExecutions>

const firstPollMs = 1000
const longestPollMs = 10_000
const pollGrowth = 1.5
const pollJitter = 0.1
const jobAnswerTimeoutMs = 10_000
/** An agent forgets its jobs when it restarts; one 404 alone may come from a proxy while it does. */
const unknownJobsUntilLost = 3
/** What runs get to finish when the program is told to stop. */
const graceMs = 10_000

const stoppedMessage =
  'The dashboard stopped while the agent was working, and did not hear how it ended. The agent may have finished.'
const forgottenMessage =
  'The agent accepted the run, but no longer knows its job. It was probably restarted, and the result is lost.'

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
  onError: (error: unknown, runId: string) => void
}) {
  const { client, runs, clock, newId, random, limits, onError } = deps
  const slots = createSlots(limits.perAgent, limits.inAll)
  const active = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  const giveUp = new AbortController()

  /** Writes what an event changes. Another program may hold the database for minutes: an end must not be forgotten. */
  async function record(id: string, event: RunEvent): Promise<RunRow | undefined> {
    for (;;) {
      try {
        return await runs.change(id, (row) => applyEvent(row, event, clock.now()))
      } catch (error) {
        if (!(error instanceof StoreBusyError) || giveUp.signal.aborted) throw error
      }
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (stopping.signal.aborted) return resolve()
      const cancel = clock.after(ms, done)
      stopping.signal.addEventListener('abort', done)
      function done() {
        cancel()
        stopping.signal.removeEventListener('abort', done)
        resolve()
      }
    })
  }

  async function send(row: RunRow): Promise<void> {
    const attempt = (row.attempt ?? 0) + 1
    const sent = await record(row.id, { kind: 'sent', attempt })
    if (!sent) return
    const event = await callAgent(sent, attempt)
    const after = await record(row.id, event)
    if (event.kind === 'accepted' && after) await followJob(after)
  }

  async function callAgent(row: RunRow, attempt: number): Promise<RunEvent> {
    const url = row.agentUrl!
    try {
      const { id, inputs } = row
      const call = { id, inputs: inputs ?? '{}', deadlineMs: limits.runTimeoutMs, signal: giveUp.signal }
      const answer = await client.run(url, call)
      if (answer.kind === 'failed') return { kind: 'failed', attempt, message: answer.message }
      if (answer.kind === 'accepted') return { kind: 'accepted', attempt, jobId: answer.jobId }
      const { kind, ...result } = answer
      return { kind, attempt, result }
    } catch (error) {
      if (!(error instanceof AgentFailure)) throw error
      if (error.kind === 'cancelled') return { kind: 'lost', attempt, message: stoppedMessage }
      return { kind: 'failed', attempt, message: failureSentence(url, error) }
    }
  }

  async function followJob(row: RunRow): Promise<void> {
    const attempt = row.attempt ?? 0
    const endsBy = (row.sentAt ?? row.startedAt) + limits.jobTimeoutMs
    let waitMs = firstPollMs
    let unknown = 0
    for (;;) {
      await pause(waitMs * (1 + pollJitter * (2 * random() - 1)))
      // The job id is on disk: whoever starts next goes on from it.
      if (stopping.signal.aborted) return
      const answer = await askJob(row)
      if (answer === 'cancelled') return
      if (answer.kind === 'completed') {
        const { kind, ...result } = answer
        await record(row.id, { kind, attempt, result })
        return
      }
      if (answer.kind === 'failed') {
        await record(row.id, { kind: 'failed', attempt, message: answer.message })
        return
      }
      unknown = answer.kind === 'unknown-job' ? unknown + 1 : 0
      if (unknown >= unknownJobsUntilLost) {
        await record(row.id, { kind: 'lost', attempt, message: forgottenMessage })
        return
      }
      if (clock.now() >= endsBy) {
        await record(row.id, { kind: 'lost', attempt, message: tooLongMessage(limits.jobTimeoutMs) })
        return
      }
      waitMs = Math.min(longestPollMs, waitMs * pollGrowth)
    }
  }

  async function askJob(row: RunRow) {
    try {
      return await client.askJob(row.agentUrl!, row.jobId!, jobAnswerTimeoutMs, giveUp.signal)
    } catch (error) {
      if (!(error instanceof AgentFailure)) throw error
      if (error.kind === 'cancelled') return 'cancelled'
      return { kind: 'unclear', reason: error.reason } as const
    }
  }

  const lose = (row: RunRow) => record(row.id, { kind: 'lost', attempt: row.attempt ?? 0, message: stoppedMessage })

  /** Takes a run to its end: sends it, or goes on asking for its job. */
  function follow(row: RunRow): void {
    const work = async () => {
      const release = await slots.take(row.agentId!)
      try {
        if (stopping.signal.aborted) return
        if (row.status === 'pending') await send(row)
        else await followJob(row)
      } finally {
        release()
      }
    }
    active.set(
      row.id,
      work()
        .catch((error) => onError(error, row.id))
        .finally(() => active.delete(row.id)),
    )
  }

  return {
    /**
     * Records a run and resolves to its id as soon as it is on disk; the agent is called after that. `inputs` is the
     * JSON text of an object, sent as it is; `workflow` the workflow's own name where it is known.
     */
    async accept(agent: Agent, inputs: string, workflow: string | undefined): Promise<string> {
      const id = newId()
      const row = {
        id,
        workflowName: agent.id,
        status: 'pending',
        inputs,
        startedAt: clock.now(),
        agentId: agent.id,
        agentWorkflow: workflow ?? null,
        agentUrl: agent.url,
        attempt: 0,
      }
      const recorded = await runs.insert(row)
      follow(recorded)
      return id
    },

    /**
     * Goes on with every run that had not ended when the program did: what was not sent is sent, a job is asked for
     * again, and what was sent without an answer is lost, as sending it twice might do the work twice. Once, at start.
     */
    resume(): void {
      for (const row of runs.unfinished()) {
        if (active.has(row.id)) continue
        if (row.status === 'pending' || row.jobId !== null) follow(row)
        else lose(row).catch((error) => onError(error, row.id))
      }
    },

    /** Lets what was sent finish for ten seconds, then gives up on it and records that. */
    async close(): Promise<void> {
      stopping.abort()
      const ended = Promise.all(active.values())
      const cancelGrace = clock.after(graceMs, () => giveUp.abort())
      await ended
      cancelGrace()
    },
  }
}

function failureSentence(url: string, { kind, reason, isUnsent }: AgentFailure): string {
  if (kind === 'refused') return `Cannot connect to agent at ${url}: ${reason}. Is it running?`
  if (isUnsent) return `Cannot connect to agent at ${url}: ${reason}.`
  if (kind === 'timeout') return `The agent gave ${reason}. It may still be working.`
  return `The call to the agent at ${url} failed: ${reason}.`
}

function tooLongMessage(limitMs: number): string {
  return `The agent was still working after ${Math.round(limitMs / 1000)} s, and is no longer asked. It may still finish.`
}
