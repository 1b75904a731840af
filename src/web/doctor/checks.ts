import type { Diagnosis, DiagnosisLine } from '../../orchestrator/doctor/diagnosis.ts'
import { plural } from '../../shared/plural.ts'
import { formatLatency } from '../format/times.ts'

type Name = DiagnosisLine['check']

/** One of the four checks that are shown. `calls` are endpoints; `text` is what counts, `more` what is beside it. */
export type ShownCheck = {
  tone: 'good' | 'bad' | 'waiting' | 'idle'
  icon: string
  calls: string[]
  text: string
  more: string
  next: string
  took: string
  title: string
}

const verdicts = {
  pass: { tone: 'good', icon: 'circle-check' },
  neutral: { tone: 'idle', icon: 'circle-dashed' },
  warn: { tone: 'waiting', icon: 'degraded' },
  fail: { tone: 'bad', icon: 'circle-x' },
  skipped: { tone: 'idle', icon: 'circle-dashed' },
} as const

/** All that leads to an HTTP answer of something that is no dashboard is one line. */
const reach: Name[] = ['address', 'name', 'port', 'http', 'self']
const severity = ['fail', 'warn', 'neutral', 'pass', 'skipped']

/** `offered`: the next step that is said elsewhere. */
export function presentChecks(diagnosis: Diagnosis, offered = ''): ShownCheck[] {
  const { lines, endpoints } = diagnosis
  const worst = (names: Name[]) =>
    lines
      .filter(({ check }) => names.includes(check))
      .sort((a, b) => severity.indexOf(a.verdict) - severity.indexOf(b.verdict))[0]!
  const groups = ([['health'], ['schema'], ['run']] as Name[][]).map(worst)
  const tried = groups.filter(({ verdict }) => verdict !== 'skipped')
  const skipped = groups.filter(({ verdict }) => verdict === 'skipped')
  const callOf = ({ check }: DiagnosisLine) =>
    check === 'run' ? `POST ${endpoints.run}` : `GET ${endpoints[check as 'health' | 'schema']}`
  const shown = [
    reached(diagnosis, worst(reach)),
    ...tried.map((line) => asked(diagnosis, line, callOf(line))),
    ...(skipped.length > 0 ? [{ ...blank('skipped'), calls: skipped.map(callOf), more: 'not tried' }] : []),
  ]
  return shown.map((check) => ({ ...check, next: check.next === offered ? '' : check.next }))
}

function blank(verdict: DiagnosisLine['verdict']): ShownCheck {
  return { ...verdicts[verdict], calls: [], text: '', more: '', next: '', took: '', title: '' }
}

function reached({ url, took }: Diagnosis, { verdict, message, next = '' }: DiagnosisLine): ShownCheck {
  const check = { ...blank(verdict), next, took: tookOf(took, ['name', 'port']), title: message }
  if (verdict !== 'pass') return { ...check, ...parted(message) }
  const { protocol, host } = new URL(url)
  return { ...check, text: `Answers over ${protocol === 'https:' ? 'HTTPS' : 'HTTP'}`, more: host }
}

function asked(diagnosis: Diagnosis, { check, verdict, message, next = '' }: DiagnosisLine, call: string): ShownCheck {
  const { took, workflow } = diagnosis
  const shown = { ...blank(verdict), calls: [call], next, title: message }
  if (check === 'run') {
    const isThere = verdict === 'pass'
    return verdict === 'fail'
      ? { ...shown, text: message }
      : { ...shown, text: isThere ? 'is there' : '', more: 'not called' }
  }
  const measured = { ...shown, took: tookOf(took, check === 'health' ? ['http', 'health'] : [check]) }
  if (verdict === 'pass' && check === 'schema' && workflow) {
    const inputs = workflow.inputs === 0 ? 'no inputs' : plural(workflow.inputs, 'input')
    return { ...measured, text: [workflow.name && `workflow ${workflow.name}`, inputs].filter(Boolean).join(', ') }
  }
  const [, said] = /^(?:GET \S+?:? )?(.*)$/s.exec(message) ?? []
  if (verdict === 'pass') return { ...measured, text: message.startsWith('GET') ? trimmed(said!) : 'healthy' }
  return { ...measured, text: trimmed(said!) }
}

/** "Connection refused: nothing listens there." is a cause and what is beside it. */
function parted(message: string): Pick<ShownCheck, 'text' | 'more'> {
  const [, text, more] = /^([^:.]{3,60}): (.+)$/s.exec(message) ?? []
  return text === undefined ? { text: message, more: '' } : { text, more: trimmed(more!) }
}

const trimmed = (sentence: string) => sentence.replace(/(?<!\.)\.$/, '')

function tookOf(took: Diagnosis['took'], names: Name[]): string {
  const ms = names.map((name) => took[name]).filter((one) => one !== undefined)
  return ms.length === 0 ? '' : formatLatency(ms.reduce((sum, one) => sum + one, 0))
}
