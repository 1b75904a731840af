import type { FoundRun } from '../../orchestrator/runs/commands.ts'
import type { UsualRuns } from '../../orchestrator/runs/usual.ts'
import { plural } from '../../shared/plural.ts'
import { shortRunId } from '../format/run.ts'
import { formatAge, formatDuration, type Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'

export type Usual = NonNullable<Awaited<ReturnType<UsualRuns>>>

type Queued = NonNullable<NonNullable<FoundRun['progress']>['queued']>

/** Where a mark stands on the track, in percent, and its words below. */
type Mark = { x: string; label: string; anchor: 'start' | 'middle' | 'end'; row: number }

const maxHoldersShown = 10
/** So that half of the track is left to a run that takes as long as most. */
const trackOfP95 = 1.3

/** What a run does now. Undefined for a run that has ended, and for one that the Python program carries out. */
export function presentProgress(found: FoundRun, usual: Usual | undefined, times: Times) {
  const { run, progress } = found
  if (run.agentId === undefined && !run.isReported) return undefined
  const durationMs = run.isReported ? Math.max(0, times.now - run.startedAt) : progress?.durationMs
  const seconds = run.status === 'running' && durationMs !== undefined ? durationMs / 1000 : undefined
  return {
    title: titleOf(found),
    time: seconds === undefined ? '' : formatDuration(seconds),
    since: times.lasting(times.now - (durationMs ?? 0)),
    comparison: seconds !== undefined && usual ? comparisonOf(seconds, usual) : '',
    track: seconds !== undefined && usual ? trackOf(seconds, usual) : undefined,
    more: run.jobId === null ? '' : moreOf(progress),
    queue: run.status === 'pending' ? presentQueue(progress?.queued) : undefined,
    ...expectation(found),
  }
}

function titleOf({ run, progress }: FoundRun): string {
  if (progress?.queued && run.status === 'pending')
    return `Queued: ${limitReached(progress.queued)}. It is sent as soon as one is free.`
  if (progress?.held === 'send') return 'Accepted and saved. It is sent as soon as the database can be written again.'
  if (progress?.held === 'answer')
    return 'The agent has answered. The answer is kept in memory until the database can be written again.'
  if (run.status === 'pending') return 'Accepted and saved. It is sent now.'
  return ''
}

function limitReached({ limit, slots }: Queued): string {
  if (limit === 'all') return `all ${slots} slots are in use`
  return slots === 1 ? 'the only slot of this agent is in use' : `all ${slots} slots of this agent are in use`
}

function presentQueue(queued: Queued | undefined) {
  const heldBy = queued?.heldBy ?? []
  return {
    heldBy: heldBy.slice(0, maxHoldersShown).map(({ runId, agentId }) => ({
      id: runId,
      shortId: shortRunId(runId),
      path: paths.run(runId),
      agentId: queued?.limit === 'all' ? agentId : '',
    })),
    more: Math.max(0, heldBy.length - maxHoldersShown),
  }
}

function moreOf(progress: FoundRun['progress']): string {
  if (!progress) return ''
  const { polls, nextCheckMs } = progress
  const next =
    nextCheckMs === undefined ? 'checking now' : `next check in ${Math.max(1, Math.ceil(nextCheckMs / 1000))} s`
  const checked = polls === 0 ? `Not checked yet, ${next}` : `Checked ${plural(polls, 'time')}, ${next}`
  return `${checked}. The agent works on its own: closing this page does not stop it.`
}

function expectation({ run }: FoundRun) {
  if (run.isReported) {
    return {
      result: 'The result appears here as soon as its program reports it.',
      aside: 'Only its program can stop it. Until the program reports an end, the run counts as running.',
    }
  }
  if (run.jobId !== null) {
    return {
      result: 'The result appears here as soon as the job is done.',
      aside: '“Stop waiting” does not stop the job: the agent is not told.',
    }
  }
  return {
    result: 'The result appears here as soon as the agent answers.',
    aside: 'You can leave this page. The run continues and is kept in Runs.',
  }
}

/** `longer than usual; 1 run in 7 takes this long`. */
function comparisonOf(seconds: number, { p50Seconds, seconds: all }: Usual): string {
  if (seconds < 0.75 * p50Seconds) return `usually ${formatDuration(p50Seconds)}`
  if (seconds < 1.25 * p50Seconds) return 'about as long as usual'
  const longer = all.filter((one) => one >= seconds).length
  if (longer === 0) return `longer than any of the last ${all.length} completed runs`
  const oneIn = Math.round(all.length / longer)
  return oneIn < 2 ? 'longer than usual' : `longer than usual; 1 run in ${oneIn} takes this long`
}

function trackOf(seconds: number, { p50Seconds, p95Seconds }: Usual) {
  const scale = Math.max(trackOfP95 * p95Seconds, 1.05 * seconds, 0.1)
  const at = (value: number) => (100 * value) / scale
  const [half, most] = [at(p50Seconds), at(p95Seconds)]
  return {
    scale,
    fill: percent(at(seconds)),
    marks: [
      markAt(half, `half finish by ${formatDuration(p50Seconds)}`, 0),
      // Words side by side need some two fifths of a phone.
      markAt(most, `95% by ${formatDuration(p95Seconds)}`, most - half < 36 ? 1 : 0),
    ],
    rows: most - half < 36 ? 2 : 1,
  }
}

function markAt(x: number, label: string, row: number): Mark {
  return { x: percent(x), label, anchor: x < 20 ? 'start' : x > 80 ? 'end' : 'middle', row }
}

const percent = (value: number) => `${Number(value.toFixed(2))}%`

/** `reported “writing” 3s ago`. */
export function heardWords({ heardAgoMs, word }: NonNullable<FoundRun['progress']>): string {
  if (heardAgoMs === undefined) return ''
  return `${word ? `reported “${word}”` : 'answered'} ${formatAge(heardAgoMs)} ago`
}
