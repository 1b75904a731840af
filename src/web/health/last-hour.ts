import type { Health } from '../../orchestrator/health/shown.ts'

type Hour = Health['lastHour']
type Slot = Hour['slots'][number]
type Stretch = { from: number; length: number; outcome: Slot }

const minutesInSlot = 2
const words = { busy: 'busy', degraded: 'degraded', down: 'down' }
/** Colour is not the only sign, and what is down is drawn as "!". public/js/agents/heartbeat.js reads the bars. */
const bars: Record<NonNullable<Slot> | 'none', { tone: string; y: number }[]> = {
  up: [{ tone: 'good', y: 8 }],
  busy: [{ tone: 'working', y: 12 }],
  degraded: [{ tone: 'waiting', y: 10 }],
  down: [
    { tone: 'bad', y: 5.5 },
    { tone: 'bad dot', y: 14.5 },
  ],
  none: [{ tone: 'idle', y: 8 }],
}

/** The last hour for `shared/_heartbeat`: bars of two minutes as dashed lines, newest on the right. */
export function presentHour({ at, slots }: Hour) {
  const paths = new Map<string, { d: string; end: number }>()
  for (const { from, length, outcome } of stretchesOf(slots)) {
    for (const { tone, y } of bars[outcome ?? 'none']) {
      const before = paths.get(tone)
      const d = before ? `${before.d}m${from - before.end},0h${length}` : `M${from},${y}h${length}`
      paths.set(tone, { d, end: from + length })
    }
  }
  return {
    paths: [...paths].map(([tone, { d }]) => ({ tone, d })),
    label: labelOf(slots),
    fromSeconds: at / 1000 - (slots.length - 1) * minutesInSlot * 60,
  }
}

function stretchesOf(slots: Slot[]): Stretch[] {
  const stretches: Stretch[] = []
  slots.forEach((outcome, index) => {
    const last = stretches.at(-1)
    if (last && last.outcome === outcome) last.length++
    else stretches.push({ from: index, length: 1, outcome })
  })
  return stretches
}

function labelOf(slots: Slot[]): string {
  const minutes = (outcome: Slot) => slots.filter((one) => one === outcome).length * minutesInSlot
  const known = slots.length * minutesInSlot - minutes(undefined)
  if (known === 0) return 'Last hour: not checked'
  const others = Object.entries(words)
    .map(([outcome, word]) => ({ word, minutes: minutes(outcome as keyof typeof words) }))
    .filter((one) => one.minutes > 0)
  const more = others.map((one) => `, ${one.minutes} ${one.word}`).join('')
  return `Last hour: ${minutes('up')} of ${known} minutes healthy${more}`
}
