import type { Clock } from '../../../shared/clock.ts'
import { type Address, addressFrom, type Lookup } from './names.ts'

/** What the system itself says of a name (`getaddrinfo`): the only one that knows mDNS, NetBIOS and the like. */
export type AskSystem = (name: string) => Promise<{ address: string }[]>

const freshMs = 30_000
/** It needs no longer, unless it waits for someone who does not answer. */
const hangsAfterMs = 3000
const shunnedMs = 300_000

/**
 * Asks the system, one name at a time: each question holds a thread that cannot be called back, and files, the
 * database and TLS need those threads too.
 */
export function createSystemLookup(askSystem: AskSystem, clock: Clock) {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  let hungAt = Number.NEGATIVE_INFINITY

  async function ask(name: string): Promise<Lookup> {
    const startedAt = clock.elapsed()
    try {
      const found: Address[] = (await askSystem(name)).map(({ address }) => addressFrom(address))
      return found.length > 0 ? { addresses: found, freshMs } : { missing: 'unknown' }
    } catch (error) {
      return { missing: (error as { code?: unknown }).code === 'ENOTFOUND' ? 'unknown' : 'failing' }
    } finally {
      if (clock.elapsed() - startedAt >= hangsAfterMs) hungAt = clock.elapsed()
    }
  }

  return {
    /**
     * `isSilent` says that a name server gave no answer: the system would ask the same one, so it is asked only when
     * nobody else waits and when that did not hang lately. Whose turn has not come by `signal` is not asked for.
     */
    async lookUp(name: string, isSilent: boolean, signal: AbortSignal): Promise<Lookup> {
      if (isSilent && (waiting > 0 || clock.elapsed() - hungAt < shunnedMs)) return { missing: 'silent' }
      waiting++
      const turn = last.then((): Promise<Lookup> | Lookup => (signal.aborted ? { missing: 'silent' } : ask(name)))
      last = turn.finally(() => {
        waiting--
      })
      return turn
    },
  }
}
