import { setImmediate } from 'node:timers/promises'
import type { Protocol, ProtocolName } from '../../agent/protocol.ts'
import { hasEnded } from '../../shared/run-status.ts'
import { createSlots, type Slots } from '../../shared/slots/slots.ts'
import { type Clock, pause } from '../../shared/time/clock.ts'
import { endsWithin } from '../../shared/time/deadline.ts'
import type { RunRecord, RunStore } from '../../store/ports/runs.ts'
import type { EventStream } from '../events.ts'
import type { Callable } from '../registry/target.ts'
import { type AcceptRun, createRunAcceptance } from './engine/accept.ts'
import type { RunTimeouts } from './engine/active-run.ts'
import { createActiveRuns } from './engine/active-runs.ts'
import { withAnnouncedEnds } from './engine/announced-ends.ts'
import { type CancelRun, createRunCancellation } from './engine/cancel.ts'
import { createHeeding } from './engine/heeding.ts'
import { progressOf, type RunProgress } from './engine/progress.ts'
import { createRunRecorder } from './engine/recorder.ts'
import { createResumption } from './engine/resume.ts'
import { createRunWork } from './engine/work.ts'

export type { RunRequest } from './engine/accept.ts'
export type { RunProgress } from './engine/progress.ts'

export type ExecutionLimits = RunTimeouts & { perAgent: number; inAll: number }

const graceMs = 10_000
const askEveryMs = 250

export type Executions = {
  accept: AcceptRun
  cancel: CancelRun
  ended(id: string, withinMs: number): Promise<void>
  runsOn(agentId: string): number
  changes(): number
  isActive(id: string): boolean
  progress(id: string): RunProgress | undefined
  /** Of this process. */
  counts(): { queued: number; running: number }
  /** How long a run of this process has taken, which the wall clock may misjudge. */
  soFarSeconds(id: string): number | undefined
  /** Takes up all unfinished runs. What was sent and has no job is lost: sent again, it might do the work twice. */
  resume(): void
  /** Of a dashboard that is gone. */
  takeUp(runIds: string[]): void
  /** Leaves alone what other dashboards have taken up or ended. */
  heed(): Promise<void>
  start(): void
  agentsAtWork(): string[]
  /** Lets what was sent finish for ten seconds, then records it as lost. */
  close(): Promise<void>
}

/** The row in the database is the whole state of a run, so the next process continues from there (`resume`). */
export function createExecutions(deps: {
  protocols: Record<ProtocolName, Pick<Protocol, 'run' | 'follow'>>
  runs: Pick<RunStore, 'get' | 'unfinished' | 'accept' | 'change'>
  clock: Clock
  newId: () => string
  random: () => number
  randomHex: (bytes: number) => string
  limits: ExecutionLimits
  writable: () => Promise<void>
  fault: () => unknown
  maxHeldCharacters?: number
  callable: (agentId: string) => Callable | undefined
  /** Where several dashboards may share the database. */
  shared?: { owner: () => string; slots: Slots } | undefined
  events: EventStream
}): Executions {
  const { clock, limits, events, shared } = deps
  const owner = () => shared?.owner()
  const runs = withAnnouncedEnds(deps.runs, events)
  const slots = shared?.slots ?? createSlots(limits.perAgent, limits.inAll)
  const secretInputs = new Map<string, string>()
  const [stopping, grace] = [new AbortController(), new AbortController()]
  const signals = { stopping: stopping.signal, graceEnded: grace.signal }
  const recorder = createRunRecorder({ ...deps, ...signals, runs, secretInputs })
  const work = createRunWork({ ...deps, ...signals, runs, recorder, slots, secretInputs })
  const active = createActiveRuns({ work, recorder, runs, clock, secretInputs, events })
  const resumption = createResumption({ runs, active, clock, stopping: stopping.signal, owner, events })

  /** What was accepted as the lease was lost is taken up like all that this dashboard had. */
  function beginOwn(row: RunRecord, accepting: string | undefined): void {
    if (accepting === owner()) active.begin(row, accepting)
    else secretInputs.delete(row.id)
  }

  return {
    accept: createRunAcceptance({ ...deps, secretInputs, owner, begin: beginOwn }),
    cancel: createRunCancellation({ runs, active: active.get, clock, events }),
    runsOn: slots.takenBy,
    changes: slots.changes,
    isActive: active.has,
    counts: active.counts,
    agentsAtWork: active.agentsAtWork,
    resume: resumption.resume,
    start: resumption.start,
    takeUp: resumption.takeUp,

    heed: createHeeding({ runs, active, owner, takeAgain: resumption.takeAgain }),

    async ended(id, withinMs) {
      const run = active.get(id)
      if (run) await endsWithin(clock, withinMs, run.done)
      else if (shared) await endsElsewhere(runs, clock, { id, withinMs, stopping: stopping.signal })
      // What ended it may have been megabytes: whoever waited reads them in a turn of their own.
      await setImmediate()
    },

    progress(id) {
      const run = active.get(id)
      return run && progressOf(run, secretInputs.get(id), slots, clock)
    },

    soFarSeconds(id) {
      const run = active.get(id)
      return run && run.time.moment().durationMs / 1000
    },

    async close() {
      // What an earlier process has sent is recorded as lost now, not at the next start.
      await resumption.stop()
      stopping.abort()
      for (const { progress, stop } of active.all()) if (progress.isQueued) stop.abort()
      const ended = Promise.all(active.all().map(({ done }) => done))
      const cancelGrace = clock.after(graceMs, () => grace.abort())
      await ended
      cancelGrace()
    },
  }
}

/** Of a run that another dashboard carries out. */
async function endsElsewhere(
  runs: Pick<RunStore, 'get'>,
  clock: Clock,
  { id, withinMs, stopping }: { id: string; withinMs: number; stopping: AbortSignal },
): Promise<void> {
  const until = clock.elapsed() + withinMs
  while (clock.elapsed() < until && !stopping.aborted) {
    const run = await runs.get(id)
    if (!run || hasEnded(run.status)) return
    await pause(clock, Math.min(askEveryMs, until - clock.elapsed()), stopping)
  }
}
