import type { Diagnosis, DiagnosisLine } from '../../orchestrator/doctor/diagnosis.ts'
import { plural } from '../../shared/plural.ts'

const titlesFor = ({ health, schema, run }: Diagnosis['endpoints']): Record<DiagnosisLine['check'], string> => ({
  address: 'Address',
  name: 'Host name',
  port: 'Port',
  http: 'HTTP',
  health,
  schema,
  run,
  self: 'Not a dashboard',
})

const failures: Partial<Record<DiagnosisLine['check'], string>> = {
  address: 'Failed at the address',
  name: 'Failed at the host name',
  port: 'Failed at the port',
  self: 'Not an agent',
}

/** `icon` is a path in a square of 16 units. */
const verdicts = {
  pass: { word: 'Pass', tone: 'good', icon: 'M3.5 8.5l3 3 6-7' },
  neutral: { word: 'Info', tone: 'idle', icon: 'M4 8h8' },
  warn: { word: 'Warn', tone: 'waiting', icon: 'M8 3v6M8 12.2v.6' },
  fail: { word: 'Fail', tone: 'bad', icon: 'M4 4l8 8M12 4l-8 8' },
  skipped: { word: 'Skipped', tone: 'idle', icon: 'M4 8h8' },
} as const

/** `filledIn` names the form fields that were filled in. */
export function presentDiagnosis({ url, lines, endpoints }: Diagnosis, filledIn: string[]) {
  const titles = titlesFor(endpoints)
  const failed = lines.find(({ verdict }) => verdict === 'fail')
  const warnings = lines.filter(({ verdict }) => verdict === 'warn').length
  const last = filledIn.at(-1)
  const list = filledIn.length > 1 ? `${filledIn.slice(0, -1).join(', ')} and ${last}` : last
  return {
    url,
    ...(failed
      ? { tone: 'bad', summary: failures[failed.check] ?? `Failed at ${titles[failed.check]}` }
      : warnings > 0
        ? { tone: 'waiting', summary: `Passed, with ${plural(warnings, 'warning')}` }
        : { tone: 'good', summary: 'All passed' }),
    filledIn: list === undefined ? '' : `${list[0]!.toUpperCase()}${list.slice(1)} filled in from what was found.`,
    lines: lines.map(({ check, verdict, message, next }) => ({
      ...verdicts[verdict],
      title: titles[check],
      message: verdict === 'skipped' ? '' : message,
      next: next ?? '',
    })),
  }
}

export function diagnosisAsJson({ url, isOk, lines, suggestion, suggestedUrl }: Diagnosis) {
  return {
    agent_url: url,
    ok: isOk,
    lines: lines.map(({ check, verdict, message, next }) => ({ check, verdict, message, next: next ?? null })),
    suggestion: suggestion
      ? { agent_id: suggestion.agentId, agent_name: suggestion.agentName, description: suggestion.description }
      : null,
    suggested_url: suggestedUrl ?? null,
  }
}
