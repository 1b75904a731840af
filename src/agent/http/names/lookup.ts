import { promises as dns } from 'node:dns'
import type { Clock } from '../../../shared/time/clock.ts'
import { hostsPath, parseHosts } from './hosts-file.ts'
import type { Lookup } from './names.ts'
import { createReadAgain } from './read-again.ts'
import { parseResolvConf, resolvConfPath } from './resolv-conf.ts'
import { askNameServers, type QueryTimes } from './servers.ts'
import { type AskSystem, createSystemLookup } from './system-lookup.ts'

export type LookupSources = {
  hostsPath: string
  resolvConfPath: string
  askSystem: AskSystem
  lookUpMs: number
} & QueryTimes

const usual: LookupSources = {
  hostsPath,
  resolvConfPath,
  askSystem: (name) => dns.lookup(name, { all: true }),
  lookUpMs: 6000,
  queryMs: 800,
  familyMs: 100,
}

const hostsFreshMs = 5000

export function createNameLookup(
  clock: Clock,
  replaced: Partial<LookupSources> = {},
): (name: string) => Promise<Lookup> {
  const { hostsPath, resolvConfPath, askSystem, lookUpMs, ...times } = { ...usual, ...replaced }
  const readHosts = createReadAgain(hostsPath, parseHosts, clock)
  const readResolvConf = createReadAgain(resolvConfPath, parseResolvConf, clock)
  const system = createSystemLookup(askSystem, clock)

  async function lookUp(name: string, signal: AbortSignal): Promise<Lookup> {
    const local = (await readHosts()).get(name.replace(/\.$/, ''))
    if (local) return { addresses: local, freshMs: hostsFreshMs }
    const asked = await askNameServers(name, await readResolvConf(), { ...times, clock, signal })
    if ('addresses' in asked) return asked
    const found = await system.lookUp(name, asked.missing === 'silent', signal)
    if ('addresses' in found) return found
    return asked.missing === 'unknown' ? found : asked
  }

  return async (name) => {
    const deadline = new AbortController()
    const ended = Promise.withResolvers<Lookup>()
    const cancel = clock.after(lookUpMs, () => {
      deadline.abort()
      ended.resolve({ missing: 'silent' })
    })
    lookUp(name, deadline.signal).then(ended.resolve, ended.reject)
    return ended.promise.finally(cancel)
  }
}
