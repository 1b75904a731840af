import type { DemoAgent } from '../fleet/agents.ts'
import type { Random } from '../random.ts'

const hourMs = 3_600_000

/** How busy each of the last 24 hours was, the last one first; earlier days were alike. Its mean is about 1. */
const shape = [1.5, 1.9, 1.8, 2.1, 1.9, 1.6, 1, 1.4, 0.6, 0.4, 0.5, 0.4, 0.3, 0.3, 0.2, 0.5, 0.3, 0.5, 0.5, 0.7]
  .concat([0.5, 0.9, 1.3, 1.2])
  .map((busy) => busy * 1.06)

/** Who ran when: ages of runs in milliseconds, the youngest first. `share` of all runs are given. */
export function runTimes(agents: DemoAgent[], days: number, share: number, random: Random) {
  const perDay = agents.reduce((sum, { runs }) => sum + runs, 0) * share
  const found: { ageMs: number; agent: DemoAgent }[] = []
  for (let hour = 0; hour < 24 * days; hour++) {
    const day = 1 + 0.12 * Math.sin(hour / 31)
    const expected = (perDay / 24) * shape[hour % 24]! * day
    const runs = Math.floor(expected) + (random.chance(expected % 1) ? 1 : 0)
    for (let index = 0; index < runs; index++) {
      found.push({ ageMs: (hour + random.between(0, 1)) * hourMs, agent: random.weighted(agents, ({ runs }) => runs) })
    }
  }
  return found.sort((a, b) => a.ageMs - b.ageMs)
}
