import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { isLong } from '../support/postgres/cluster-settings.ts'
import { startDashboards } from '../support/postgres/dashboards.ts'

const usualLeaseSeconds = 15
const stillMs = 30_000
const promisedMs = 20_000

test.runIf(isLong)(
  'a dashboard that stands still for 30 seconds is taken over within 20, and changes nothing when it goes on',
  { timeout: 300_000 },
  async () => {
    const { up, loaded, takenOver, back, finish } = await startDashboards(3, { leaseSeconds: usualLeaseSeconds })
    await loaded()
    const [still, killed] = up()
    still!.child.kill('SIGSTOP')
    const awake = setTimeout(stillMs)
    expect(await takenOver(still!)).toBeLessThanOrEqual(promisedMs)
    await awake
    still!.child.kill('SIGCONT')
    await back(still!)
    await loaded()
    await killed!.stop('SIGKILL')
    expect(await takenOver(killed!)).toBeLessThanOrEqual(promisedMs)
    await loaded()
    await finish()
  },
)
