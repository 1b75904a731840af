import type { FoundRun } from '../../orchestrator/runs/commands.ts'
import { plural } from '../../shared/plural.ts'
import { presentStatus, shortRunId } from '../format/run.ts'
import { formatDuration, type Times } from '../format/times.ts'
import { heardWords } from './progress.ts'

/** `after` is the time since the start, of the first step the time of day. */
export type Step = { title: string; note: string; after: string; tone: string }

export function presentTimeline(
  { run, events, exchanges, progress, sentTo, isStoppedWaiting }: FoundRun,
  times: Times,
): Step[] {
  const after = (at: number) => (Number.isFinite(at - run.startedAt) ? `+${formatElapsed(at - run.startedAt)}` : '')
  const steps = events.map(({ kind, attempt, at }): Step => {
    const exchange = exchanges.find((one) => one.method === 'POST' && one.attempt === attempt)
    const step = (title: string, note: string, tone: string): Step => ({ title, note, after: after(at), tone })
    switch (kind) {
      case 'accepted':
        return { ...step('Accepted', '', 'good'), after: Number.isFinite(at) ? times.clockSeconds(at) : '' }
      case 'sent': {
        const note = `POST ${withoutScheme(exchange?.url ?? sentTo?.url)}${attempt > 1 ? ` · attempt ${attempt}` : ''}`
        return step('Sent to the agent', note, 'good')
      }
      case 'unsent':
        return step('No connection', `${exchange?.failure ?? 'Not one byte was sent'}; tried again`, 'waiting')
      case 'job':
        return step('Continues in the background', jobNote(run.jobId, run.polls), 'good')
      case 'moved':
        return step('The agent moved', `Checked at ${withoutScheme(run.agentUrl ?? '')} from here on`, 'good')
      default: {
        const { word, tone } = presentStatus(kind)
        return step(word, isStoppedWaiting ? 'stopped waiting' : endNote(exchanges.at(-1)), tone)
      }
    }
  })
  const doing = progress && presentDoing(progress, run)
  return doing ? [...steps, doing] : steps
}

function presentDoing(
  progress: NonNullable<FoundRun['progress']>,
  { status, jobId }: FoundRun['run'],
): Step | undefined {
  const { queued, polls, problem } = progress
  if (queued && status === 'pending')
    return { title: 'Queued', note: 'Sent as soon as a slot is free', after: 'now', tone: 'waiting' }
  if (status !== 'running') return undefined
  if (jobId === null) return { title: 'Waiting for the answer', note: '', after: 'now', tone: 'working' }
  const trouble = problem === undefined ? '' : `last check failed: ${problem.replace(/\.$/, '')}; retrying`
  const notes = [polls > 0 ? `checked ${plural(polls, 'time')}` : '', heardWords(progress), trouble]
  return { title: 'Running', note: notes.filter(Boolean).join(' · '), after: 'now', tone: 'working' }
}

function jobNote(jobId: string | null, polls: number | null): string {
  const id = jobId === null ? '' : `job ${shortRunId(jobId)}`
  return polls === null ? id : `${id} · checked ${plural(polls, 'time')}`
}

function endNote(exchange: FoundRun['exchanges'][number] | undefined): string {
  if (!exchange) return ''
  if (exchange.status === null) return exchange.failure ?? ''
  return `answered ${exchange.status}`
}

function formatElapsed(ms: number): string {
  return ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : formatDuration(ms / 1000)
}

const withoutScheme = (url = '') => url.replace(/^http:\/\//, '')
