import type { BulkPreview, BulkRuns } from '../../orchestrator/bulk/preview.ts'
import type { BulkActionProgress } from '../../orchestrator/bulk/progress.ts'
import type { BulkRequest } from '../../orchestrator/bulk/request.ts'
import { inNumber, plural } from '../../shared/plural.ts'
import { formatCost, formatNumber } from '../format/numbers.ts'
import { shortRunId } from '../format/run.ts'
import { formatAge, isoTime, type Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'

type Action = BulkRequest['action']
type Words = {
  ask: (runs: string) => string
  button: string
  doing: (runs: string) => string
  did: (runs: string) => string
}

const words: Record<Action, Words> = {
  rerun: {
    ask: (runs) => `Run ${runs} again?`,
    button: 'Run again',
    doing: (runs) => `Running ${runs} again`,
    did: (runs) => `${runs} accepted to run again`,
  },
  cancel: {
    ask: (runs) => `Cancel ${runs}?`,
    button: 'Stop waiting',
    doing: (runs) => `Cancelling ${runs}`,
    did: (runs) => `${runs} cancelled`,
  },
  delete: {
    ask: (runs) => `Delete ${runs}?`,
    button: 'Delete',
    doing: (runs) => `Deleting ${runs}`,
    did: (runs) => `${runs} deleted`,
  },
}

const countOf = (runs: number) => plural(runs, 'run')

/** `back` is the address of the list. */
export function presentBulkQuestion(
  action: Action,
  preview: BulkPreview & { selected: BulkRuns },
  { token, back }: { token: string; back: string },
) {
  const { runs, isExact, isWhole, leftOut, selected } = preview
  const left = leftOut.reduce((sum, reason) => sum + reason.runs, 0)
  const fit = isWhole ? runs - left : undefined
  return {
    action,
    token,
    back,
    title: words[action].ask(isExact ? countOf(fit ?? runs) : `more than ${countOf(runs)}`),
    what: fit === 0 ? [] : whatHappens(action, preview, fit),
    isPossible: fit !== 0,
    leftOut: leftOut.map((reason) => ({ ...reason, count: countOf(reason.runs) })),
    leftOutTitle:
      leftOut.length === 0
        ? ''
        : isWhole
          ? `${formatNumber(left)} of ${countOf(runs)} ${inNumber(left, 'is', 'are')} left out`
          : 'Left out, as far as was looked',
    button: words[action].button,
    refusal: fit === 0 ? 'Close' : action === 'delete' ? 'Keep them' : 'Not now',
    isDangerous: action === 'delete',
    filter: 'filter' in selected ? selected.filter : '',
    isByFilter: 'filter' in selected,
    runIds: 'runIds' in selected ? selected.runIds : [],
  }
}

function whatHappens(
  action: Action,
  { costUsd, running, isWhole, selected }: BulkPreview & { selected: BulkRuns },
  fit = 2,
) {
  const each = fit === 1 ? 'The run' : 'Each of them'
  const before = fit === 1 ? 'It cost' : 'Together they cost'
  const later = 'filter' in selected ? ['Runs that start from now on are not meant.'] : []
  switch (action) {
    case 'rerun':
      return [
        `${each} is sent to its agent once more, with the same inputs, as a new run. That costs again${costUsd === undefined || !isWhole ? '' : `: ${before.toLowerCase()} ${formatCost(costUsd)} the first time`}.`,
        'What needed a password, or has inputs that cannot be sent as they are, is left out when its turn comes.',
        ...later,
      ]
    case 'cancel':
      return [
        'The dashboard stops waiting. The agents are not told to stop; they may still be working, and costing money.',
        ...later,
      ]
    case 'delete':
      return [
        `${fit === 1 ? 'It goes' : 'They go'} for ever, with inputs, outputs and events, and with the execution states that the Python program saved.`,
        ...(running > 0
          ? [
              `${countOf(running)} of the Python program ${inNumber(running, 'is', 'are')} still going on, as far as the file says.`,
            ]
          : []),
        ...later,
      ]
  }
}

export function presentBulkJob(job: BulkActionProgress, times: Times) {
  const { id, action, state, total, done, leftOut, failed, reasons, ahead, problem, startedAt, endedAt } = job
  const handled = done + leftOut + failed
  const isOver = state === 'done' || state === 'stopped'
  const runs = total === undefined ? 'runs' : countOf(total)
  return {
    id,
    path: paths.bulkAction(id),
    isOver,
    tone: failed > 0 ? 'waiting' : state === 'done' ? 'good' : state === 'stopped' ? 'idle' : 'working',
    title: isOver ? words[action].did(countOf(done)) : words[action].doing(runs),
    max: total === undefined ? undefined : Math.max(total, 1),
    value: total === undefined ? undefined : isOver && state === 'done' ? Math.max(total, 1) : Math.min(handled, total),
    note: noteOf(job, handled, ahead, problem),
    isTrouble: problem !== undefined,
    took: startedAt === null ? '' : formatAge((endedAt ?? times.now) - startedAt),
    counts: [
      ...(leftOut > 0 ? [`${formatNumber(leftOut)} left out`] : []),
      ...(failed > 0 ? [`${formatNumber(failed)} failed`] : []),
    ],
    reasons: reasons.map(({ kind, reason, runs, runId }) => ({
      kind,
      tone: kind === 'failed' ? 'bad' : 'idle',
      reason,
      count: formatNumber(runs),
      run: { path: paths.run(runId), shortId: shortRunId(runId) },
      isThere: action !== 'delete' || kind === 'failed' || !reason.includes('gone'),
    })),
  }
}

function noteOf(
  { state, total, action }: BulkActionProgress,
  handled: number,
  ahead: number,
  problem: string | undefined,
): string {
  if (problem !== undefined) return problem
  const place = total === undefined ? 'Counting' : `${formatNumber(handled)} of ${formatNumber(total)}`
  switch (state) {
    case 'waiting':
      return ahead > 0 ? `Waits for ${ahead === 1 ? 'another one' : `${ahead} others`} to end` : 'Begins in a moment'
    case 'working':
      return place
    case 'done':
      return ''
    case 'stopped':
      return `Stopped at ${place}.${action === 'rerun' ? ' What was accepted goes on.' : ''}`
  }
}

export function bulkJobAsJson(job: BulkActionProgress) {
  const { id, action, state, total, done, leftOut, failed, reasons, createdAt, startedAt, endedAt, problem, filter } =
    job
  return {
    bulk_id: id,
    action,
    status: state,
    total: total ?? null,
    handled: done + leftOut + failed,
    done,
    left_out: leftOut,
    failed,
    reasons: reasons.map(({ kind, reason, runs, runId }) => ({
      kind: kind.replace(' ', '_'),
      reason,
      runs,
      example_run_id: runId,
    })),
    filter,
    problem: problem ?? null,
    created_at: isoTime(createdAt),
    started_at: isoTime(startedAt),
    ended_at: isoTime(endedAt),
    url: paths.bulkAction(id),
  }
}
