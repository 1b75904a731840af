/** One of the dashboards on a database. Times are the database's. */
export type KnownDashboard = {
  id: string
  name: string
  version: string
  since: number
  seenAt: number
  /** Set where it stopped without a word: since when the others do without it. */
  goneAt: number | null
  /** Names of the work that it does for all. */
  leads: string[]
}

export type SlotLimits = { perAgent: number; inAll: number }

/** A run that has a slot. */
export type SlotHolder = { runId: string; agentId: string }

/**
 * What several dashboards on one database agree on. Each has a lease of its own, which covers the runs that it owns: those
 * that it accepted or took up. The database's clock alone decides what has lapsed.
 */
export type ClusterStore = {
  /** Resolves to the id of a dashboard that has just started, or has lost its lease. No two of them are the same. */
  join(dashboard: { name: string; version: string }, ttlMs: number): Promise<string>

  /** Resolves to false when the others do without this dashboard: its runs may be theirs. */
  renew(id: string, ttlMs: number): Promise<boolean>

  /** Its unfinished runs are everybody's, and its leases free. */
  leave(id: string): Promise<void>

  /** Oldest first; those that are gone stay for an hour. */
  dashboards(): Promise<KnownDashboard[]>

  /**
   * Takes or renews the lease of work that one dashboard does for all. Resolves to its epoch, which moves with every new
   * holder, or to undefined while another holds it.
   */
  lead(name: string, id: string, ttlMs: number): Promise<number | undefined>

  /**
   * Makes unfinished runs this dashboard's own that nobody follows: their dashboard left, or its lease has lapsed while ours
   * was held for a whole `ttlMs`. (After a time without a database, every lease has lapsed, and everybody renews first.)
   * Resolves to their ids, at most `max`.
   */
  takeUp(id: string, ttlMs: number, max: number): Promise<string[]>

  /**
   * Gives back slots of runs that this dashboard owns, takes others whatever the limits, then grants what is free to the
   * pending runs of all dashboards, oldest first. Resolves to all that have a slot now.
   */
  slots(id: string, limits: SlotLimits, change: { held: string[]; released: string[] }): Promise<SlotHolder[]>
}
