import type { Protocol, ProtocolName } from '../../../agent/protocol.ts'
import { writeTraceparent } from '../../../shared/text/traceparent.ts'
import { type Clock, pause } from '../../../shared/time/clock.ts'
import type { RunRecord } from '../../../store/ports/runs.ts'
import type { EventStream } from '../../events.ts'
import { type Callable, targetOf } from '../../registry/target.ts'
import type { RunEvent } from '../state.ts'
import type { ActiveRun, RunSignals, RunTimeouts } from './active-run.ts'
import { callAgent, unsentSentence } from './call.ts'
import type { RunRecorder } from './recorder.ts'

/** While no byte was sent: the agent may be restarting. */
const maxTries = 2
const retryMs = 1000

const passwordGoneMessage =
  'The dashboard was restarted before this run was sent, and its password is not kept. Use “Edit and rerun”.'

export type SenderDeps = RunSignals & {
  protocols: Record<ProtocolName, Pick<Protocol, 'run'>>
  recorder: RunRecorder
  clock: Clock
  limits: Pick<RunTimeouts, 'runTimeoutMs'>
  agentOf: (row: RunRecord) => Callable
  secretInputs: ReadonlyMap<string, string>
  randomHex: (bytes: number) => string
  events: EventStream
}

/** Sends a pending run; resolves to its row when the agent works on it in the background. */
export type SendRun = (run: ActiveRun) => Promise<RunRecord | undefined>

export function createRunSender(deps: SenderDeps): SendRun {
  const { protocols, recorder, clock, limits, agentOf, secretInputs, randomHex, events, stopping, graceEnded } = deps
  const { record, recordSent } = recorder

  async function begin(run: ActiveRun, url: string): Promise<RunRecord | undefined> {
    const sent = await run.time.idle(recordSent(run, { kind: 'sent', attempt: run.row.attempt + 1, url }))
    if (!sent) return undefined
    run.row = sent
    run.time.sent()
    return sent
  }

  async function trySend(
    run: ActiveRun,
    inputs: string,
    isLastTry: boolean,
  ): Promise<RunRecord | 'unsent' | undefined> {
    const agent = agentOf(run.row)
    const { url, protocol } = agent
    const sent = await begin(run, url)
    if (!sent) return undefined
    const signal = AbortSignal.any([graceEnded, run.stop.signal])
    const { traceId, isSampled } = sent
    const traceparent = traceId === null ? undefined : writeTraceparent({ traceId, isSampled }, randomHex(8))
    const call = { inputs, traceparent, deadlineMs: limits.runTimeoutMs, signal }
    const outcome = await callAgent(protocols[protocol], targetOf(agent), sent, call)
    if (outcome.isGood) events.emit('agent-answered', { agentId: sent.agentId!, url })
    const isFinal = outcome.event.kind === 'unsent' && isLastTry
    const event = isFinal ? failed(sent.attempt, unsentSentence(url, outcome.record)) : outcome.event
    const recorded = record(run, event, outcome.record)
    const after = await (event.kind === 'unsent' ? run.time.idle(recorded) : recorded)
    // A password in the job's name is masked in the row, and an agent cannot be asked for a masked name.
    if (event.kind === 'job') return after && { ...after, jobId: event.jobId }
    if (event.kind !== 'unsent' || !after) return undefined
    run.row = after
    return 'unsent'
  }

  return async function send(run) {
    const { id, withheld, inputs: stored, attempt } = run.row
    const inputs = withheld.length === 0 ? (stored ?? '{}') : secretInputs.get(id)
    if (inputs === undefined) {
      await record(run, failed(attempt, passwordGoneMessage))
      return undefined
    }
    for (let tries = 1; ; tries++) {
      const outcome = await trySend(run, inputs, tries >= maxTries)
      if (outcome !== 'unsent') return outcome
      await pause(clock, retryMs, AbortSignal.any([stopping, run.stop.signal]))
      if (stopping.aborted) return undefined
    }
  }
}

function failed(attempt: number, message: string): RunEvent {
  return { kind: 'failed', attempt, message }
}
