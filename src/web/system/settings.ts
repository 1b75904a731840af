import { type Config, type SettingName, settings } from '../../config.ts'
import { plural } from '../../shared/plural.ts'
import { daySeconds, hourSeconds } from '../../shared/time/durations.ts'
import { formatNumber } from '../format/numbers.ts'

/** Numbers alone: so a secret cannot be among them. */
type NumberName = { [Name in SettingName]: Config[Name] extends number ? Name : never }[SettingName]
type Shown = { name: NumberName; label: string; format: (value: number) => string }

const days = (value: number) => (value === 0 ? 'for ever' : plural(value, 'day'))

const groups: Record<'checks' | 'runs' | 'retention', Shown[]> = {
  checks: [
    { name: 'healthIntervalSeconds', label: 'Interval', format: formatSeconds },
    { name: 'healthTimeoutSeconds', label: 'Timeout', format: formatSeconds },
    { name: 'registerTimeoutSeconds', label: 'Timeout at registration', format: formatSeconds },
  ],
  runs: [
    { name: 'runsPerAgent', label: 'Concurrent runs per agent', format: formatNumber },
    { name: 'runsInAll', label: 'Concurrent runs on all agents', format: formatNumber },
    { name: 'runTimeoutSeconds', label: 'Timeout of a run', format: formatSeconds },
    { name: 'jobTimeoutSeconds', label: 'Timeout of a background job', format: formatSeconds },
  ],
  retention: [
    { name: 'keepDays', label: 'Completed and cancelled runs', format: days },
    { name: 'keepFailedDays', label: 'Failed and lost runs', format: days },
    {
      name: 'keepRuns',
      label: 'Newest runs, always kept',
      format: (runs) => (runs === 0 ? 'all' : formatNumber(runs)),
    },
    { name: 'keepAuditDays', label: 'Entries of the audit trail', format: days },
  ],
}

export function presentSettings(config: Config, group: keyof typeof groups) {
  return groups[group].map(({ name, label, format }) => {
    const [value, usual] = [config[name], settings[name].default as number]
    return { label, value: format(value), usual: value === usual ? '' : format(usual), variable: settings[name].env }
  })
}

export function settingsAsJson(config: Config) {
  const all = Object.values(groups).flat()
  return all.map(({ name }) => ({ variable: settings[name].env, value: config[name], default: settings[name].default }))
}

/** `10 s`, `2 min`, `1 day`: the largest unit that is whole. */
function formatSeconds(seconds: number): string {
  if (seconds % daySeconds === 0) return plural(seconds / daySeconds, 'day')
  if (seconds % hourSeconds === 0) return `${formatNumber(seconds / hourSeconds)} h`
  return seconds % 60 === 0 ? `${formatNumber(seconds / 60)} min` : `${formatNumber(seconds)} s`
}
