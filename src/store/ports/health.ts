/** From the best to the worst: up, busy, degraded, down. */
export type CheckOutcome = 'up' | 'busy' | 'degraded' | 'down'

/** A health check. `latencyMs` is null when no answer came; `reason` is a phrase that says why it was not good. */
export type RecordedCheck = {
  agentId: string
  at: number
  outcome: CheckOutcome
  latencyMs: number | null
  reason: string | null
}

/** The length of a rollup. Minutes are kept for a day, hours for 30 days, days for a year. */
export type Resolution = 'minute' | 'hour' | 'day'

/** The checks of an agent within a minute, an hour or a day (of UTC) that began at `at`. `degraded` ones are among
 * those that are up, busy ones are neither up nor down. The latencies, in milliseconds, are of the `answered` checks;
 * the least and the greatest are null where there is none. */
export type Rollup = {
  at: number
  up: number
  degraded: number
  down: number
  answered: number
  latencySum: number
  latencyMin: number | null
  latencyMax: number | null
}

/** A time when an agent was down; `endedAt` is undefined while it lasts. */
export type DownIncident = { startedAt: number; endedAt: number | undefined; reason: string }

/** What a dashboard that begins to show an agent has to know: the last checks, oldest first; the worst outcome of every
 * `slotMs` (of UTC) and the rollups of every hour that began at `slotsFrom` and `hoursFrom` or later, oldest first. A
 * time without checks has neither. */
type HealthPast = {
  checks: RecordedCheck[]
  slots: { at: number; outcome: CheckOutcome }[]
  hours: Rollup[]
  incident: DownIncident | undefined
}

type PastRange = { maxChecks: number; slotMs: number; slotsFrom: number; hoursFrom: number }

/** Ended between `from` and `to`, or until `lostUntil` where it was lost; begun no earlier than `begunFrom`. */
type FailureRange = { begunFrom: number; from: number; to: number; lostUntil: number }

/** Some of the runs that failed or were lost, newest first, and how many there are. */
export type FailedRuns = { runs: { id: string; status: string; startedAt: number }[]; all: number }

/** The record of health checks. All of its changes are silent: whoever shows health knows of them before the store
 * does. */
export type HealthStore = {
  /** Keeps checks for a day, and counts each of them once, however often it is given, in its rollups. */
  record(checks: RecordedCheck[]): Promise<void>

  /** All of it as it was at one moment. */
  past(agentId: string, range: PastRange): Promise<HealthPast>

  /** The rollups of an agent that began at `from` or later, oldest first; a time without checks has none. */
  rollups(agentId: string, resolution: Resolution, from: number): Promise<Rollup[]>

  incidents(agentId: string, max: number): Promise<DownIncident[]>

  beginIncident(agentId: string, at: number, reason: string): Promise<void>

  endIncidents(agentId: string, at: number): Promise<void>

  /** The runs of an agent that failed or were lost within a range of time; at most `max` by name. */
  failedRuns(agentId: string, range: FailureRange, max: number): Promise<FailedRuns>

  /** Deletes what of an agent is older at `now` than it is kept. */
  prune(agentId: string, now: number): Promise<void>

  /** Deletes all that was recorded of an agent until `at`, in small steps: nobody else waits for it. */
  forget(agentId: string, at: number): Promise<void>
}
