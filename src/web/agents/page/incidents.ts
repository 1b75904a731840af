import type { AgentPage } from '../../../orchestrator/agents/page.ts'
import type { Incident } from '../../../orchestrator/health/records/incidents.ts'
import { plural } from '../../../shared/plural.ts'
import { weekMs } from '../../../shared/time/durations.ts'
import { dayWord } from '../../format/plot/when.ts'
import { presentReason } from '../../format/reason.ts'
import { presentStatus } from '../../format/run.ts'
import { formatLongDuration, type Times } from '../../format/times.ts'
import { paths } from '../../http/paths.ts'
import { maxIncidents, queryFields, shownUnasked } from './query.ts'

const more = 20
/** Of the ten that are known without asking for more. */
const shownAtFirst = 5

export function presentIncidents({ query, agent, incidents, hasMoreIncidents }: AgentPage, times: Times) {
  const inWeek = incidents.filter(({ endedAt = times.now }) => endedAt > times.now - weekMs).length
  const isMany = hasMoreIncidents && inWeek === incidents.length
  const shown = query.incidents > shownUnasked ? incidents : incidents.slice(0, shownAtFirst)
  const next = { ...query, incidents: Math.min(maxIncidents, query.incidents + more) }
  return {
    inWeek: `${inWeek}${isMany ? '+' : ''} in 7 days`,
    list: shown.map((incident) => presentIncident(incident, times)),
    morePath:
      (hasMoreIncidents || shown.length < incidents.length) && query.incidents < maxIncidents
        ? paths.agentPage(agent.id, queryFields(next))
        : '',
    limit: hasMoreIncidents && query.incidents >= maxIncidents ? `Only the last ${maxIncidents} are listed` : '',
  }
}

function presentIncident({ startedAt, endedAt, reason, runs, allRuns }: Incident, times: Times) {
  return {
    isOver: endedAt !== undefined,
    reason: presentReason(reason),
    when: whenOf(startedAt, endedAt, times),
    exact: `${times.exact(startedAt)} to ${endedAt === undefined ? 'now' : times.exact(endedAt)}`,
    lasting: endedAt === undefined ? times.lasting(startedAt) : undefined,
    duration: endedAt === undefined ? '' : formatLongDuration(endedAt - startedAt),
    affected: allRuns === 0 ? 'no runs affected' : `${plural(allRuns, 'run')} affected`,
    runs: runs.map(({ id, status, startedAt: began }) => {
      const { word } = presentStatus(status)
      return {
        path: paths.run(id),
        shortId: `…${id.slice(-6)}`,
        title: `${word}, started ${Number.isFinite(began) ? times.exact(began) : 'at an unknown time'}`,
      }
    }),
    moreRuns: allRuns - runs.length,
  }
}

/** `Yesterday, 23:42 to 23:55`, `Today, 14:58`. */
function whenOf(startedAt: number, endedAt: number | undefined, times: Times): string {
  const start = `${dayWord(startedAt, times)}, ${times.clock(startedAt)}`
  if (endedAt === undefined) return `${start} until now`
  const isSameDay = times.zone.startOfDay(startedAt) === times.zone.startOfDay(endedAt)
  const end = times.clock(endedAt)
  return `${start} to ${isSameDay ? end : `${dayWord(endedAt, times)}, ${end}`}`
}
