import type { FoundRun } from '../../orchestrator/runs/commands.ts'
import { plural } from '../../shared/plural.ts'
import { presentStatus } from '../format/run.ts'
import { formatAge, formatDuration } from '../format/times.ts'

/** `after` is the time since the start. */
export type Step = { title: string; note: string; after: string; tone: string }

export function presentTimeline({ run, events, exchanges, progress, sentTo }: FoundRun): Step[] {
  const after = (at: number) => (Number.isFinite(at - run.startedAt) ? `+${formatElapsed(at - run.startedAt)}` : '')
  const steps = events.map(({ kind, attempt, at }): Step => {
    const exchange = exchanges.find((one) => one.method === 'POST' && one.attempt === attempt)
    switch (kind) {
      case 'accepted':
        return { title: 'Accepted', note: 'Saved before anything was sent', after: after(at), tone: 'good' }
      case 'sent': {
        const note = `POST ${exchange?.url ?? sentTo?.url}${attempt > 1 ? ` · attempt ${attempt}` : ''}`
        return { title: 'Sent to the agent', note, after: after(at), tone: 'good' }
      }
      case 'unsent':
        return {
          title: 'No connection',
          note: `${exchange?.failure ?? 'Not one byte was sent'}; tried again`,
          after: after(at),
          tone: 'waiting',
        }
      case 'job':
        return {
          title: 'Running in the background',
          note: jobNote(run.jobId, progress?.polls ?? run.polls),
          after: after(at),
          tone: 'good',
        }
      case 'moved':
        return {
          title: 'The agent moved',
          note: `Asked at ${run.agentUrl} from here on`,
          after: after(at),
          tone: 'good',
        }
      default: {
        const { word, tone } = presentStatus(kind)
        return { title: word, note: endNote(exchanges.at(-1)), after: after(at), tone }
      }
    }
  })
  const doing = progress && presentProgress(progress, run.status)
  return doing ? [...steps, doing] : steps
}

function presentProgress(progress: NonNullable<FoundRun['progress']>, status: string): Step | undefined {
  const { queued, heardAgoMs, word, problem } = progress
  if (queued && status === 'pending')
    return { title: 'Queued', note: 'Sent as soon as a slot is free', after: '', tone: 'waiting' }
  if (status !== 'running') return undefined
  const heard =
    heardAgoMs === undefined ? '' : `${word ? `It said “${word}”` : 'It answered'} ${formatAge(heardAgoMs)} ago`
  const trouble = problem === undefined ? '' : `Last check failed: ${problem.replace(/\.$/, '')}; retrying`
  return { title: 'Working', note: [heard, trouble].filter(Boolean).join(' · '), after: '', tone: 'working' }
}

function jobNote(jobId: string | null, polls: number | null): string {
  const id = jobId === null ? '' : `job ${jobId.length > 20 ? `${jobId.slice(0, 8)}…` : jobId}`
  return polls === null ? id : `${id} · checked ${plural(polls, 'time')}`
}

function endNote(exchange: FoundRun['exchanges'][number] | undefined): string {
  if (!exchange) return ''
  return exchange.status === null ? (exchange.failure ?? '') : `The agent answered ${exchange.status}`
}

function formatElapsed(ms: number): string {
  return ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : formatDuration(ms / 1000)
}
