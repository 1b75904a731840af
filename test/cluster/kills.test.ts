import { expect, test } from 'vitest'
import { isLong, kills, timeout } from '../support/postgres/cluster-settings.ts'
import { perAgent, startDashboards } from '../support/postgres/dashboards.ts'

const every = 10

test('of dashboards that are killed under load, no run is lost or sent twice', { timeout }, async () => {
  const { up, startMore, loaded, takenOver, finish } = await startDashboards(4)
  const times: number[] = []
  for (let kill = 1; kill <= kills; kill++) {
    if (up().length === 1) await startMore(3)
    await loaded()
    const victim = up()[kill % up().length]!
    await victim.stop('SIGKILL')
    times.push(await takenOver(victim))
    if (isLong && kill % every === 0) console.log(`${kill} killed, taken over within ${shown(times)}`)
  }
  await loaded()
  const { runs, lost } = await finish()
  expect(runs).toBeGreaterThan(10 * kills)
  expect(lost).toBeLessThanOrEqual(perAgent * kills)
  if (isLong)
    console.log(`${runs} runs, ${lost} of them with an agent that was left alone, taken over within ${shown(times)}`)
})

function shown(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const [p95, most] = [sorted[Math.ceil(sorted.length * 0.95) - 1]!, sorted.at(-1)!]
  return `${Math.round(p95)} ms (95 of 100) and ${Math.round(most)} ms (all)`
}
