import { createHmac } from 'node:crypto'
import { settings } from '../../config.ts'
import { StoreOpenError } from '../../shared/errors.ts'
import { inNumber, plural } from '../../shared/plural.ts'
import { type Clock, pause } from '../../shared/time/clock.ts'
import type { ClusterStore } from '../../store/ports/cluster.ts'

const lookMs = 500
const variable = settings.secretKey.env

/** Refuses to start beside dashboards that have another key, and without one where it is needed. Throws StoreOpenError. */
export async function refuseOtherKey(deps: {
  cluster: Pick<ClusterStore, 'compareKey'>
  name: string
  key: Uint8Array | undefined
  clock: Pick<Clock, 'after'>
}): Promise<void> {
  const { cluster, name, key, clock } = deps
  const check = key && createHmac('sha256', key).update('configurable-agents').digest('hex')
  const seenAt = new Map<string, number>()
  for (;;) {
    const { isSame, others, credentials } = await cluster.compareKey(name, check)
    if (!key && credentials > 0) throw new StoreOpenError(withoutKey(credentials))
    if (others.length === 0 || (key && isSame)) return
    // One that was killed holds its lease for a while, and is seen no more.
    const living = others.find((one) => one.seenAt > (seenAt.get(one.name) ?? Number.POSITIVE_INFINITY))
    if (living) throw new StoreOpenError(key ? otherKey(living.name) : notAlone(living.name))
    for (const one of others) if (!seenAt.has(one.name)) seenAt.set(one.name, one.seenAt)
    await pause(clock, lookMs, new AbortController().signal)
  }
}

const withoutKey = (credentials: number) =>
  `${credentials === 1 ? 'One credential' : plural(credentials, 'credential')} of agents in this database ${inNumber(credentials, 'is', 'are')} encrypted. Set ${variable} to the key that was used for ${inNumber(credentials, 'it', 'them')}, then start again.`

const notAlone = (other: string) =>
  `The dashboard ${other} uses this database. Several dashboards need the same key: set ${variable} on each of them, then start again.`

const otherKey = (other: string) =>
  `The dashboard ${other} uses this database with another key than this one has, or with none. Set ${variable} to the same on each of them, then start again.`
