import type { Writable } from 'node:stream'
import type { Clock } from '../../shared/time/clock.ts'

export type Output = Writable & { isTTY?: boolean; columns?: number }

/** All that a command has of the world around it, but for the dashboard. */
export type Terminal = {
  out: Output
  err: Output
  input: AsyncIterable<Uint8Array>
  clock: Clock
  newKey(): string
  /** Aborts at Ctrl+C. Until it is called, Ctrl+C ends the program. */
  interruption(): AbortSignal
}

const usualColumns = 80

export function columnsOf({ columns }: Output): number {
  return columns || usualColumns
}
