import { Resolver } from 'node:dns/promises'
import type { Clock } from '../../../shared/time/clock.ts'
import { type Address, addressFrom, type Lookup } from './names.ts'
import { candidates, type ResolvConf } from './resolv-conf.ts'

export type QueryTimes = {
  /** For the first try; the second has twice as long. */
  queryMs: number
  familyMs: number
}

const tries = 2
const minFreshMs = 5000
const maxFreshMs = 30_000
const unknown = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME'])

type Family = { addresses: Address[]; ttlMs: number } | { missing: 'unknown' | 'failing' | 'silent' }

/** Asks for both families at a time through c-ares, which blocks no thread. Ends early, as silent, at `signal`. */
export async function askNameServers(
  name: string,
  conf: ResolvConf,
  ask: QueryTimes & { clock: Clock; signal: AbortSignal },
): Promise<Lookup> {
  // Its own resolver, so that it can be cancelled alone.
  const resolver = new Resolver({ timeout: ask.queryMs, tries })
  const cancel = () => resolver.cancel()
  ask.signal.addEventListener('abort', cancel)
  try {
    // setServers loses zones; the ones c-ares reads from the system's file keep them.
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
      freshMs: Math.max(minFreshMs, Math.min(maxFreshMs, ttlMs)),
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
