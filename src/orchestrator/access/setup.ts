import { timingSafeEqual } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import { hashOfSecret, newSecret } from './secrets.ts'

export const setupMinutes = 15

/** The way in to a dashboard without users: a secret that is printed where it was started. */
export type Setup = {
  /** Valid for fifteen minutes; one that was given before ends. */
  begin(): string
  isOpen(): boolean
  /** Throws AppError. */
  check(secret: string): void
  end(): void
}

export function createSetup(deps: { clock: Pick<Clock, 'elapsed'>; randomHex: (bytes: number) => string }): Setup {
  const { clock, randomHex } = deps
  let current: { hash: string; until: number } | undefined

  const isOpen = () => current !== undefined && clock.elapsed() < current.until

  return {
    begin() {
      const secret = newSecret('', randomHex)
      current = { hash: hashOfSecret(secret), until: clock.elapsed() + setupMinutes * 60_000 }
      return secret
    },
    isOpen,
    check(secret) {
      const given = Buffer.from(hashOfSecret(secret))
      if (current && isOpen() && timingSafeEqual(given, Buffer.from(current.hash))) return
      throw new AppError(
        'wrong-setup-link',
        403,
        'This link is not valid, or no longer. Start the dashboard again for a new one.',
      )
    },
    end() {
      current = undefined
    },
  }
}
