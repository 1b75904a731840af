import { Resolver } from 'node:dns/promises'
import type { Clock } from '../../../shared/clock.ts'
import { type Address, addressFrom, type Lookup } from './names.ts'
import { candidates, type ResolvConf } from './resolv-conf.ts'

export type QueryTimes = {
  /** How long a name server may take at first; the second try has twice that. */
  queryMs: number
  /** How much longer the addresses of one family wait for those of the other. */
  familyMs: number
}

const tries = 2
const leastFreshMs = 5000
const mostFreshMs = 30_000
/** The server says that there is no such name, or that no name can be like this. */
const unknown = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME'])

type Family = { addresses: Address[]; ttlMs: number } | { missing: 'unknown' | 'failing' | 'silent' }

/**
 * Asks name servers through c-ares, which needs no thread: a server that says nothing holds up nobody else. Both
 * families are asked for at a time, and one full name after the other. Ends early, as silent, at `signal`.
 */
export async function askNameServers(
  name: string,
  conf: ResolvConf,
  ask: QueryTimes & { clock: Clock; signal: AbortSignal },
): Promise<Lookup> {
  // One of its own, so that it can be called off alone, and asks what the system asks by now.
  const resolver = new Resolver({ timeout: ask.queryMs, tries })
  const cancel = () => resolver.cancel()
  ask.signal.addEventListener('abort', cancel)
  try {
    // A zone is lost here. What c-ares reads by itself from the system's own file has it.
    if (conf.servers.length > 0 && !conf.servers.some((server) => server.includes('%')))
      resolver.setServers(conf.servers)
    let worst: Lookup = { missing: 'unknown' }
    for (const candidate of candidates(name, conf)) {
      const found = await askBoth(resolver, candidate, ask)
      if ('addresses' in found) return found
      if (found.missing === 'silent' || worst.missing === 'unknown') worst = found
      if (ask.signal.aborted) return { missing: 'silent' }
    }
    return worst
  } catch {
    // What c-ares does not take for a server or a name.
    return { missing: 'failing' }
  } finally {
    ask.signal.removeEventListener('abort', cancel)
  }
}

async function askBoth(
  resolver: Resolver,
  name: string,
  { clock, familyMs }: { clock: Clock; familyMs: number },
): Promise<Lookup> {
  const four = familyOf(resolver.resolve4(name, { ttl: true }))
  const six = familyOf(resolver.resolve6(name, { ttl: true }))
  const first = await Promise.race([four, six])
  if ('addresses' in first) {
    let cancelWait = () => {}
    const waited = new Promise<undefined>((resolve) => {
      cancelWait = clock.after(familyMs, () => resolve(undefined))
    })
    const both = await Promise.race([Promise.all([four, six]), waited])
    cancelWait()
    return joined(both ?? [first])
  }
  return joined(await Promise.all([four, six]))
}

function joined(families: Family[]): Lookup {
  const good = families.filter((one) => 'addresses' in one)
  if (good.length > 0) {
    const ttlMs = Math.min(...good.map((one) => one.ttlMs))
    return {
      addresses: good.flatMap(({ addresses }) => addresses),
      freshMs: Math.max(leastFreshMs, Math.min(mostFreshMs, ttlMs)),
    }
  }
  const missing = families.map((one) => ('missing' in one ? one.missing : 'unknown'))
  return { missing: missing.find((one) => one === 'silent') ?? missing.find((one) => one === 'failing') ?? 'unknown' }
}

async function familyOf(records: Promise<{ address: string; ttl: number }[]>): Promise<Family> {
  try {
    const found = await records
    if (found.length === 0) return { missing: 'unknown' }
    const ttlMs = Math.min(...found.map(({ ttl }) => ttl)) * 1000
    return { addresses: found.map(({ address }) => addressFrom(address)), ttlMs }
  } catch (error) {
    const code = String((error as { code?: unknown }).code)
    if (unknown.has(code)) return { missing: 'unknown' }
    return { missing: code === 'ETIMEOUT' || code === 'ECANCELLED' ? 'silent' : 'failing' }
  }
}
