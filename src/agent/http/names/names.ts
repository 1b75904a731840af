import { isIP } from 'node:net'
import type { Clock } from '../../../shared/time/clock.ts'
import { AgentFailure } from '../failure.ts'

export type Address = { address: string; family: 4 | 6 }

/** `unknown` is an answer; after `failing` or `silent` an earlier answer may still hold. */
export type Lookup = { addresses: Address[]; freshMs: number } | { missing: 'unknown' | 'failing' | 'silent' }

export type Names = {
  resolve(host: string, signal: AbortSignal): Promise<Address[]>
  /** Nobody answered at these addresses: they are looked up again for the next call. */
  doubt(host: string): void
}

type Known = { addresses: Address[]; at: number; freshUntil: number }

/** How long the last good answer is used while no better one comes. */
const lastGoodMs = 3_600_000
/** How long a new lookup may delay a caller that could use an older answer. */
const staleWaitMs = 300
const maxKnown = 2000

const loopback: Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

export const addressFrom = (address: string): Address => ({ address, family: isIP(address) === 6 ? 6 : 4 })

/** Resolves names so that no name delays another: one lookup per name at a time, none for addresses and localhost. */
export function createNames(lookUp: (name: string) => Promise<Lookup>, clock: Clock): Names {
  const known = new Map<string, Known>()
  const running = new Map<string, Promise<Lookup>>()

  function keep(name: string, found: Lookup): void {
    const now = clock.elapsed()
    if ('addresses' in found) {
      known.delete(name)
      known.set(name, { addresses: found.addresses, at: now, freshUntil: now + found.freshMs })
      const [oldest] = known.keys()
      if (known.size > maxKnown) known.delete(oldest!)
    } else if (found.missing === 'unknown') known.delete(name)
  }

  function lookUpOnce(name: string): Promise<Lookup> {
    const same = running.get(name)
    if (same) return same
    const lookup = lookUp(name)
      .catch((): Lookup => ({ missing: 'failing' }))
      .then((found) => {
        running.delete(name)
        keep(name, found)
        return found
      })
    running.set(name, lookup)
    return lookup
  }

  function waitedFor(lookup: Promise<Lookup>, knows: boolean, signal: AbortSignal): Promise<Lookup | undefined> {
    const { promise, resolve } = Promise.withResolvers<Lookup | undefined>()
    const stop = () => resolve(undefined)
    const cancel = knows ? clock.after(staleWaitMs, stop) : () => {}
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
    lookup.then(resolve)
    return promise.finally(() => {
      cancel()
      signal.removeEventListener('abort', stop)
    })
  }

  return {
    async resolve(host, signal) {
      if (isIP(host) !== 0) return [addressFrom(host)]
      const name = host.toLowerCase()
      if (/(?:^|\.)localhost\.?$/.test(name)) return loopback
      const before = known.get(name)
      const now = clock.elapsed()
      if (before && now < before.freshUntil) return before.addresses
      const lastGood = before && now - before.at < lastGoodMs ? before.addresses : undefined
      const found = await waitedFor(lookUpOnce(name), lastGood !== undefined, signal)
      if (found && 'addresses' in found) return found.addresses
      if (lastGood && found?.missing !== 'unknown') return lastGood
      throw new AgentFailure('name', `could not resolve ${host}`, true)
    },

    doubt(host) {
      const name = host.toLowerCase()
      const entry = known.get(name)
      if (entry) known.set(name, { ...entry, freshUntil: entry.at })
    },
  }
}
