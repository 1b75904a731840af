import type { Probe } from '../agent/http/probe.ts'
import type { Protocols } from '../agent/protocol.ts'
import type { Config } from '../config.ts'
import type { Clock } from '../shared/time/clock.ts'
import type { SignOnProvider } from '../sign-on/provider.ts'
import type { SecretKey } from '../store/ports/secret-key.ts'
import type { Store } from '../store/ports.ts'
import type { EventStream } from './events.ts'

export type OrchestratorDeps = {
  store: Store
  protocols: Protocols
  probe: Probe
  clock: Clock
  /** Of what dashboards on one database tell each other. */
  leaseClock: Clock
  newId: () => string
  /** 0 to 1. */
  random: () => number
  randomHex: (bytes: number) => string
  secretKey: SecretKey
  config: Config
  /** Tells this dashboard from others on its database, once it listens. */
  ownName: () => string
  events: EventStream
  passwordLogCost: number
  signOnProvider: SignOnProvider | undefined
}
