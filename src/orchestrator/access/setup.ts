import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { Counts } from '../../store/ports/cluster.ts'
import { createLocalCounts } from './local-counts.ts'
import { hashOfSecret, newSecret } from './secrets.ts'

export const setupMinutes = 15

/** The way in to a dashboard without users: a secret that is printed where it was started. */
export type Setup = {
  /** Valid for fifteen minutes, at every dashboard on the database; one that this dashboard gave before ends where it is alone. */
  begin(): Promise<string>
  isOpen(): Promise<boolean>
  /** Throws AppError. */
  check(secret: string): Promise<void>
  end(): Promise<void>
}

const start = 'setup '

export function createSetup(deps: {
  clock: Pick<Clock, 'elapsed'>
  randomHex: (bytes: number) => string
  counts: Counts | undefined
}): Setup {
  const { clock, randomHex } = deps
  const counts = deps.counts ?? createLocalCounts(clock)

  return {
    async begin() {
      const secret = newSecret('', randomHex)
      if (!deps.counts) await counts.forget(start)
      await counts.count(start + hashOfSecret(secret), setupMinutes * 60_000)
      return secret
    },

    isOpen: () => counts.isCounted(start),

    async check(secret) {
      if (await counts.isCounted(start + hashOfSecret(secret))) return
      throw new AppError(
        'wrong-setup-link',
        403,
        'This link is invalid or has expired. Start the dashboard again for a new one.',
      )
    },

    end: () => counts.forget(start),
  }
}
