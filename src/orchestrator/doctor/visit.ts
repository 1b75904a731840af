import type { Probe } from '../../agent/http/probe.ts'
import type { Protocol } from '../../agent/protocol.ts'

export type Visit = {
  url: string
  protocol: Protocol
  probe: Probe
  isRegistered(url: string): boolean
  /** How much of `maxMs` the checks may still take. */
  timeLeft(maxMs: number): number
  elapsed(): number
}
