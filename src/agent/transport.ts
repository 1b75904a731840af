import { Agent, FormData, install, setGlobalDispatcher } from 'undici'
import type { Fetch } from './exchange.ts'

const connectTimeoutMs = 10_000

/**
 * The `fetch` that reaches agents. Replaces the global one, so that tests can stand in for agents. Each call has a
 * connection of its own (`pipelining: 0`): one kept open may be closed by the agent just as a run is sent on it, and
 * then nobody knows whether the run began. The limits on time are those of each call.
 */
export function createTransport(): Fetch {
  // Only once: tests put msw in front of the global fetch, and a second install would push it aside. Of what install
  // replaces, msw leaves FormData alone.
  if ((globalThis.FormData as unknown) !== FormData) install()
  setGlobalDispatcher(
    new Agent({ pipelining: 0, headersTimeout: 0, bodyTimeout: 0, connect: { timeout: connectTimeoutMs } }),
  )
  return (input, init) => globalThis.fetch(input, init)
}
