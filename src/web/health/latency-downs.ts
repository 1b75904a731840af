import type { Downtime } from '../../orchestrator/health/records/incidents.ts'
import { round } from '../format/plot/plot.ts'
import { presentReason } from '../format/reason.ts'
import type { Times } from '../format/times.ts'

/** In percent of the width: closer downtimes are drawn as one. */
const near = 0.2
const maxTitles = 3

export type Down = { x: number; width: number; title: string }

/** Downtimes come newest first. */
export function presentDowns(downtimes: Downtime[], percent: (at: number) => number, times: Times): Down[] {
  const groups: { x: number; end: number; titles: string[] }[] = []
  for (const downtime of downtimes.toReversed()) {
    const { startedAt, endedAt = times.now } = downtime
    const [x, end] = [percent(startedAt), percent(endedAt)]
    const last = groups.at(-1)
    if (last && x - last.end < near) {
      last.end = Math.max(last.end, end)
      last.titles.push(titleOf(downtime, times))
    } else groups.push({ x, end, titles: [titleOf(downtime, times)] })
  }
  return groups.map(({ x, end, titles }) => ({ x, width: round(end - x), title: joined(titles) }))
}

function joined(titles: string[]): string {
  const hidden = titles.length - maxTitles
  return [...titles.slice(0, maxTitles), ...(hidden > 0 ? [`and ${hidden} more`] : [])].join('\n')
}

function titleOf({ startedAt, endedAt, reason }: Downtime, times: Times): string {
  const end = endedAt === undefined ? 'now' : times.exact(endedAt)
  return `Down from ${times.exact(startedAt)} to ${end}: ${presentReason(reason)}`
}
