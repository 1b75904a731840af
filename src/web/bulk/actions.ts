import type { BulkPreview, BulkRuns } from '../../orchestrator/bulk/preview.ts'
import type { BulkActionProgress } from '../../orchestrator/bulk/progress.ts'
import type { BulkRequest } from '../../orchestrator/bulk/request.ts'
import { type Actor, starterOf } from '../../shared/actor.ts'
import { inNumber, plural } from '../../shared/plural.ts'
import { formatCost, formatNumber } from '../format/numbers.ts'
import { shortRunId } from '../format/run.ts'
import { formatAge, type Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'

type Action = BulkRequest['action']
type Words = {
  ask: (runs: string) => string
  none: string
  button: (runs: string) => string
  doing: (runs: string) => string
  did: (runs: string) => string
}

const words: Record<Action, Words> = {
  rerun: {
    ask: (runs) => `Rerun ${runs}?`,
    none: 'Nothing to rerun',
    button: (runs) => `Rerun ${runs}`,
    doing: (runs) => `Rerunning ${runs}`,
    did: (runs) => `Reran ${runs}`,
  },
  cancel: {
    ask: (runs) => `Stop waiting for ${runs}?`,
    none: 'Nothing to stop waiting for',
    button: () => 'Stop waiting',
    doing: (runs) => `Cancelling ${runs}`,
    did: (runs) => `${runs} cancelled`,
  },
  delete: {
    ask: (runs) => `Delete ${runs}?`,
    none: 'Nothing to delete',
    button: (runs) => `Delete ${runs}`,
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
    title:
      fit === 0 ? words[action].none : words[action].ask(isExact ? countOf(fit ?? runs) : `more than ${countOf(runs)}`),
    what: fit === 0 ? [] : whatHappens(action, preview, fit),
    isPossible: fit !== 0,
    leftOut: leftOut.map((reason) => ({ ...reason, count: countOf(reason.runs) })),
    leftOutTitle:
      leftOut.length === 0
        ? ''
        : isWhole
          ? `${formatNumber(left)} of ${countOf(runs)} skipped`
          : 'Skipped (of the runs checked so far)',
    button: words[action].button(isExact ? countOf(fit ?? runs) : 'them'),
    refusal: fit === 0 ? 'Close' : 'Cancel',
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
  const each = fit === 1 ? 'The run' : 'Each run'
  const before = fit === 1 ? 'It cost' : 'Together they cost'
  const later = 'filter' in selected ? ['Runs that start later are not included.'] : []
  switch (action) {
    case 'rerun':
      return [
        `${each} is sent to its agent again, with the same inputs, as a new run. You will be charged again${costUsd === undefined || !isWhole ? '' : `: ${before.toLowerCase()} ${formatCost(costUsd)} before`}.`,
        'Runs that needed a password, or whose inputs cannot be resent, are skipped.',
        ...later,
      ]
    case 'cancel':
      return [
        'The dashboard stops waiting. The agents are not told to stop; they may still be working, and costing money.',
        ...later,
      ]
    case 'delete':
      return [
        'This cannot be undone. Inputs, outputs, events, exchanges and saved states are deleted too.',
        ...(running > 0
          ? [
              `${countOf(running)} of other programs ${inNumber(running, 'is', 'are')} still running, as far as is known.`,
            ]
          : []),
        ...later,
      ]
  }
}

export function presentBulkJob(job: BulkActionProgress, times: Times) {
  const { id, action, state, total, done, leftOut, failed, reasons, ahead, problem, startedAt, endedAt } = job
  const handled = done + leftOut + failed
  const starter = starterIn(job)
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
    by: starter === null ? '' : `started by ${starter}`,
    counts: [
      ...(leftOut > 0 ? [`${formatNumber(leftOut)} skipped`] : []),
      ...(failed > 0 ? [`${formatNumber(failed)} failed`] : []),
    ],
    reasons: reasons.map(({ kind, reason, runs, runId }) => ({
      kind,
      tone: kind === 'failed' ? 'bad' : 'idle',
      word: kind === 'failed' ? 'Failed' : 'Skipped',
      reason,
      count: formatNumber(runs),
      run: { path: paths.run(runId), shortId: shortRunId(runId) },
      isThere: action !== 'delete' || kind === 'failed' || !reason.includes('gone'),
    })),
  }
}

/** Whether it makes new runs for who asks. */
export function addsRuns({ action, endedAt, startedBy }: BulkActionProgress, { id }: Pick<Actor, 'id'>): boolean {
  return action === 'rerun' && endedAt === null && startedBy?.id === id
}

export const starterIn = ({ startedBy }: BulkActionProgress) => startedBy && starterOf(startedBy).startedBy

function noteOf(
  { state, total, action, stopReason }: BulkActionProgress,
  handled: number,
  ahead: number,
  problem: string | undefined,
): string {
  if (problem !== undefined) return problem
  const position = total === undefined ? 'Counting' : `${formatNumber(handled)} of ${formatNumber(total)}`
  switch (state) {
    case 'waiting':
      return ahead > 0 ? `Queued behind ${ahead === 1 ? 'another one' : `${ahead} others`}` : 'Starting…'
    case 'working':
      return position
    case 'done':
      return ''
    case 'stopped':
      return `Stopped at ${position}.${stopReason === null ? '' : ` ${stopReason}`}${action === 'rerun' ? ' Accepted runs continue.' : ''}`
  }
}
