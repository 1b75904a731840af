import type { Config } from '../config.ts'

/** The limits of the configuration, times in milliseconds. */
export type Limits = {
  /** How agents are checked that have no interval or timeout of their own. */
  checks: { intervalMs: number; timeoutMs: number }
  registerTimeoutMs: number
  runs: { runTimeoutMs: number; jobTimeoutMs: number; perAgent: number; inAll: number }
}

export function limitsOf(config: Config): Limits {
  return {
    checks: { intervalMs: config.healthIntervalSeconds * 1000, timeoutMs: config.healthTimeoutSeconds * 1000 },
    registerTimeoutMs: config.registerTimeoutSeconds * 1000,
    runs: {
      runTimeoutMs: config.runTimeoutSeconds * 1000,
      jobTimeoutMs: config.jobTimeoutSeconds * 1000,
      perAgent: config.runsPerAgent,
      inAll: config.runsInAll,
    },
  }
}
