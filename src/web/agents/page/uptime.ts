import type { Uptime, UptimeDay } from '../../../orchestrator/health/records/uptime.ts'
import { plural } from '../../../shared/plural.ts'
import { dayMs, hourMs, minuteMs } from '../../../shared/time/durations.ts'
import { formatShare } from '../../format/numbers.ts'
import type { PlotTable } from '../../format/plot/plot.ts'
import { dayWord } from '../../format/plot/when.ts'
import { formatLongDuration, type Times } from '../../format/times.ts'

const periods = [
  { name: '24h', words: '24 hours', days: 1 },
  { name: '7d', words: '7 days', days: 7 },
  { name: '30d', words: '30 days', days: 30 },
  { name: '90d', words: '90 days', days: 90 },
] as const

const states = {
  none: { tone: 'unchecked', word: '' },
  good: { tone: 'good', word: 'No incidents' },
  degraded: { tone: 'waiting', word: 'Degraded' },
  down: { tone: 'bad', word: 'Down' },
} as const

export function presentUptime({ shares, since, hoursSince, days, incidentsSince }: Uptime, times: Times) {
  const known = since === undefined ? undefined : (times.now - since) / dayMs
  const id = 'uptime-plot'
  return {
    id,
    label: labelOf(days),
    windows: windowsOf(shares, known),
    days: days.map(({ state }) => ({ tone: states[state].tone })),
    start: since === undefined ? times.date(days[0]!.from) : `${times.date(since)}, first check`,
    notes: [
      ...noteOfIncidents(incidentsSince, times),
      ...noteOfDays({ days, since, hoursSince }, times),
      ...noteOfHours(times),
    ],
    table: tableOf(days, times),
  }
}

/** A time that began before the first check is said to be as long as it is known. */
function windowsOf(shares: Uptime['shares'], knownDays = Number.POSITIVE_INFINITY) {
  const longest = periods.find(({ days }) => days >= knownDays)
  return periods
    .filter(({ days }) => days <= (longest?.days ?? 90))
    .map((period) => ({
      share: formatShare(shares[period.name]),
      words: period === longest && knownDays < period.days ? wordsFor(knownDays) : period.words,
    }))
}

function wordsFor(days: number): string {
  if (days >= 1) return plural(Math.floor(days), 'day')
  const hours = Math.floor(days * 24)
  return hours >= 1 ? plural(hours, 'hour') : plural(Math.max(1, Math.floor(days * 24 * 60)), 'minute')
}

function noteOfIncidents(since: number | undefined, times: Times): string[] {
  if (since === undefined) return []
  return [`Too many incidents: those before ${times.day(since)}, ${times.clock(since)} are not counted as downtime.`]
}

/** Only the totals of whole UTC days are known before the hours that are kept. */
function noteOfDays(
  { days, since, hoursSince }: Pick<Uptime, 'days' | 'since' | 'hoursSince'>,
  { zone, date }: Times,
): string[] {
  const isEarlier = ({ from, state }: UptimeDay) => state !== 'none' && from < hoursSince && zone.local(from) !== from
  if ((since !== undefined && since >= hoursSince) || !days.some(isEarlier)) return []
  return [`Until ${date(hoursSince)}, checks are counted by UTC day.`]
}

/** Checks are added up by the hour of UTC. */
function noteOfHours({ zone, now }: Times): string[] {
  const minutes = (zone.startOfDay(now) % hourMs) / minuteMs
  return minutes === 0 ? [] : [`Checks between 00:00 and 00:${60 - minutes} count toward the day before.`]
}

function labelOf(days: UptimeDay[]): string {
  const count = (state: UptimeDay['state']) => days.filter((day) => day.state === state).length
  const checked = days.length - count('none')
  if (checked === 0) return 'Not checked yet'
  const parts = [`${plural(count('good'), 'day')} without incidents`]
  if (count('degraded') > 0) parts.push(`${count('degraded')} degraded`)
  if (count('down') > 0) parts.push(`${count('down')} with downtime`)
  return `The last ${plural(checked, 'day')}: ${parts.join(', ')}. Arrow keys read them.`
}

function tableOf(days: UptimeDay[], times: Times): PlotTable {
  return {
    caption: 'Uptime by day',
    when: 'Day',
    none: 'No checks',
    heads: [
      { title: 'Worst state', word: '', tone: '', isSilent: false },
      { title: 'Uptime', word: 'up', tone: '', isSilent: false },
      { title: 'Downtime', word: 'of downtime', tone: '', isSilent: false },
    ],
    rows: days.map(({ from, state, share, downMs }) => ({
      when: dayWord(from, times),
      cells: [
        states[state].word,
        share === undefined ? '' : formatShare(share),
        downMs === 0 ? '' : formatLongDuration(downMs),
      ],
    })),
  }
}
