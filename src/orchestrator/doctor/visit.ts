import type { Probe } from '../../agent/http/probe.ts'
import type { Target } from '../../agent/http/target.ts'
import type { Protocol } from '../../agent/protocol.ts'

export type Visit = {
  url: string
  /** How the agent would be called at that URL. */
  target(url: string): Target
  protocol: Protocol
  probe: Probe
  isRegistered(url: string): boolean
  /** How much of `maxMs` the checks may still take. */
  timeLeft(maxMs: number): number
  elapsed(): number
}
