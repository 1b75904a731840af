import type { Health } from '../../orchestrator/health/shown.ts'
import { presentReason } from '../format/reason.ts'
import { formatLatency } from '../format/times.ts'

type Checks = Health['checks']
type Outcome = Checks[number]['outcome']

const slots = 30
/** In pixels. A failed check is a broken line: colour is not the only sign. */
const pitch = 5
const outcomes: Record<Outcome, { tone: string; letter: string; line: string; word: string }> = {
  up: { tone: 'good', letter: 'u', line: 'v12', word: 'good' },
  degraded: { tone: 'waiting', letter: 'g', line: 'm0 4v8', word: 'degraded' },
  busy: { tone: 'working', letter: 'b', line: 'm0 8v4', word: 'busy' },
  down: { tone: 'bad', letter: 'd', line: 'v5m0 7v0', word: 'failed' },
}
const missing = { tone: 'none', line: 'v12' }

/** The last checks as one drawing, newest on the right. `data` is read by public/js/heartbeat.js. */
export function presentHeartbeat(checks: Checks) {
  const paths = new Map<string, string>()
  const draw = (tone: string, slot: number, line: string) =>
    paths.set(tone, `${paths.get(tone) ?? ''}M${slot * pitch + 2} 2${line}`)
  const shown = checks.slice(-slots)
  const first = slots - shown.length
  for (let slot = 0; slot < first; slot++) draw(missing.tone, slot, missing.line)
  shown.forEach(({ outcome }, index) => {
    draw(outcomes[outcome].tone, first + index, outcomes[outcome].line)
  })
  return {
    paths: [...paths].map(([tone, d]) => ({ tone, d })),
    label: labelOf(shown),
    data: dataOf(shown),
  }
}

function labelOf(checks: Checks): string {
  const last = checks.at(-1)
  if (!last) return 'Not checked yet'
  const counts = Object.entries(outcomes)
    .map(([outcome, { word }]) => ({ word, checks: checks.filter((check) => check.outcome === outcome).length }))
    .filter((one) => one.checks > 0)
    .map((one) => `${one.checks} ${one.word}`)
  const all = checks.length === 1 ? 'The only check so far' : `Last ${checks.length} checks`
  const more = last.reason ?? (last.latencyMs === null ? undefined : formatLatency(last.latencyMs))
  return `${all}: ${counts.join(', ')}. Newest: ${outcomes[last.outcome].word}${more ? `, ${more}` : ''}`
}

/**
 * A check is `<seconds since the previous><outcome letter><latency in ms>[:<reason>]`, where `:` alone repeats the
 * reason. Short: a list of a hundred agents has three thousand.
 */
function dataOf(checks: Checks): string {
  let before = 0
  let known: string | null = null
  return checks
    .map(({ at, outcome, latencyMs, reason }) => {
      const seconds = Math.floor(at / 1000)
      const since = seconds - before
      before = seconds
      const said =
        reason === null ? '' : reason === known ? ':' : `:${encodeURIComponent(presentReason(reason).toWellFormed())}`
      known = reason ?? known
      return `${since}${outcomes[outcome].letter}${latencyMs === null ? '' : Math.round(latencyMs)}${said}`
    })
    .join(' ')
}
