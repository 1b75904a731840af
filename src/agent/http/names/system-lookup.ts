import type { Clock } from '../../../shared/time/clock.ts'
import { type Address, addressFrom, type Lookup } from './names.ts'

/** `getaddrinfo`, which alone knows mDNS, NetBIOS and the like. */
export type AskSystem = (name: string) => Promise<{ address: string }[]>

const freshMs = 30_000
const hangsAfterMs = 3000
const shunnedMs = 300_000

/** Asks the system for one name at a time: each call blocks a thread that files, the database and TLS need too. */
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
    /** `isSilent`: a name server did not answer, and the system would ask the same one. */
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
