import type { LookupFunction } from 'node:net'
import { AgentFailure } from '../failure.ts'
import { isForbidden } from '../forbidden-address.ts'
import type { Address, Names } from './names.ts'

export type Routes = {
  /** The allowed addresses of a host, a name or an IP address without brackets. Throws AgentFailure. */
  to(host: string, signal: AbortSignal): Promise<Address[]>
  doubt: Names['doubt']
}

export function createRoutes(names: Names): Routes {
  return {
    async to(host, signal) {
      const all = await names.resolve(host, signal)
      const allowed = all.filter(({ address }) => !isForbidden(address))
      if (allowed.length > 0) return allowed
      const target = all[0]?.address === host ? '' : `it resolves to ${all[0]?.address}, and `
      throw new AgentFailure('forbidden', `${target}link-local and metadata addresses are never called`, true)
    },

    doubt: names.doubt,
  }
}

export function lookupOf(addresses: Address[]): LookupFunction {
  return (_host, options, done) => {
    if (options.all) done(null, addresses)
    else done(null, addresses[0]!.address, addresses[0]!.family)
  }
}
