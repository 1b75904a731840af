import type { FoundRun } from '../../orchestrator/runs/commands.ts'
import { hasEnded } from '../../shared/run-status.ts'
import { dayMs } from '../../shared/time/durations.ts'
import { formatCost, formatNumber, isKnown, unknown } from '../format/numbers.ts'
import { shortRunId } from '../format/run.ts'
import { formatDuration, type Moment, type Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import type { Usual } from './progress.ts'

/** `copies` is the whole of a value that is shown short. */
export type Fact = {
  label: string
  value: string
  note: string
  moment: Moment | undefined
  path: string
  copies: string
  copyLabel: string
  isOutside: boolean
  isCode: boolean
}

const fact = (label: string, value: string, more: Partial<Fact> = {}): Fact => ({
  label,
  value,
  note: '',
  moment: undefined,
  path: '',
  copies: '',
  copyLabel: '',
  isOutside: false,
  isCode: false,
  ...more,
})

const maxReruns = 3

export function presentFacts(
  { run, agent, reruns, traceUrl }: FoundRun,
  usual: Usual | undefined,
  times: Times,
): Fact[] {
  const { agentId, jobId, rerunOf, durationSeconds, totalTokens, totalCostUsd, startedAt } = run
  const started = times.moment(startedAt)
  const isToday = started !== undefined && times.now - startedAt < dayMs
  const ofRun = (label: string, id: string) => fact(label, shortRunId(id), { path: paths.run(id), isCode: true })
  return [
    ...(hasEnded(run.status) && isKnown(durationSeconds)
      ? [
          fact('Duration', formatDuration(durationSeconds), {
            note: usual && run.status === 'completed' ? `usually ${formatDuration(usual.p50Seconds)}` : '',
          }),
        ]
      : []),
    ...(totalTokens === null ? [] : [fact('Tokens', formatNumber(totalTokens))]),
    ...(totalCostUsd === null ? [] : [fact('Cost', formatCost(totalCostUsd))]),
    ...(run.traceId === null ? [] : [traceFact(run.traceId, traceUrl)]),
    fact('Started', started ? '' : unknown, { moment: started, note: isToday ? times.clock(startedAt) : '' }),
    ...(run.startedBy === null || run.isReported
      ? []
      : [fact('Started by', run.startedBy, { path: paths.runs({ q: startedBy(run.startedBy) }) })]),
    agentId === undefined
      ? fact('Agent ID', 'none', { note: run.isReported ? '' : 'Local run (Python)' })
      : fact('Agent ID', agentId, {
          path: agent ? paths.agentPage(agentId) : paths.runs({ agent: agentId }),
          note: agent ? '' : run.isReported ? 'not registered' : 'removed',
          isCode: true,
        }),
    ...(run.reportedAt === null
      ? []
      : [
          fact('Reported', unknown, {
            moment: times.moment(run.reportedAt),
            note: `by ${run.startedBy ?? 'its program'}`,
          }),
        ]),
    ...(jobId === null
      ? []
      : [fact('Job', shortRunId(jobId), { copies: jobId, copyLabel: 'Copy job ID', isCode: true })]),
    fact('Run ID', shortRunId(run.id), { copies: run.id, copyLabel: 'Copy run ID', isCode: true }),
    ...(rerunOf === null ? [] : [ofRun('Rerun of', rerunOf)]),
    ...reruns.slice(-maxReruns).map((id) => ofRun('Rerun as', id)),
  ]
}

const startedBy = (name: string) => `by:"${name.replaceAll('"', '""')}"`

function traceFact(traceId: string, url: string | undefined): Fact {
  const copying = { copies: traceId, copyLabel: 'Copy trace ID' }
  return url === undefined
    ? fact('Trace', shortRunId(traceId), { ...copying, isCode: true })
    : fact('Trace', 'View trace', { ...copying, path: url, isOutside: true })
}
