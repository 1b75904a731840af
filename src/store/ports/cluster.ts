import type { HealthStore, RecordedCheck } from './health.ts'

/** One of the dashboards on a database. Times are the database's. */
export type KnownDashboard = {
  id: string
  name: string
  version: string
  since: number
  seenAt: number
  /** Set where it stopped without a word: since when the others do without it. */
  goneAt: number | null
  leads: string[]
  /** Unfinished ones that it owns. */
  runs: number
}

/** `others` hold their leases, one that was killed a moment ago among them. */
export type KeyComparison = { isSame: boolean; others: { name: string; seenAt: number }[]; credentials: number }

export type SlotLimits = { perAgent: number; inAll: number }

export type SlotHolder = { runId: string; agentId: string }

/** What a dashboard hears of its runs: which were given slots by another; where there are none, that one was changed. */
export type RunNotice = { owner: string; granted: string[] }

/** Of work that one dashboard does for all. Its epoch moves with every new holder. */
export type Lease = { name: string; owner: string; epoch: number }

/** What whoever checks an agent believes of its health: texts that dashboards alone read. */
export type ToldBelief = {
  agentId: string
  belief: string
  answer: string | null
  /** The last of the checks that were asked for which was made; 0 where that is not new. */
  answered: number
}

export type HealthNews = 'asked' | 'told' | GoodSign

/** An agent gave a good answer there to something else than a check. */
export type GoodSign = { agentId: string; url: string }

/** Counted for a while, by all dashboards together. */
export type Counts = {
  /** One more of a key, which is forgotten `ms` after the first. Resolves to how many there are, and how long they stay. */
  count(key: string, ms: number): Promise<{ times: number; leftMs: number }>
  isCounted(start: string): Promise<boolean>
  forget(start: string): Promise<void>
}

/** Health, as the one dashboard that checks agents tells the others. */
export type SharedHealthStore = {
  /** The record of checks, which is changed only while the lease is held: else nothing happens. */
  record(lease: () => Lease | undefined): HealthStore

  /** Nothing happens where the lease is held no more. */
  tell(lease: Lease, beliefs: ToldBelief[]): Promise<void>

  /** Everything told at `since` or later. Pass `until` as `since` to the next call. */
  told(since: number): Promise<{ beliefs: Omit<ToldBelief, 'answer'>[]; until: number }>

  answer(agentId: string): Promise<string | undefined>

  /** Asks whoever checks agents to check these now. Resolves to the number of each request. */
  ask(agentIds: string[]): Promise<{ agentId: string; asked: number }[]>

  /** Checks that were asked for and not made. */
  asked(): Promise<{ agentId: string; asked: number }[]>

  noteGood(found: GoodSign[]): Promise<void>

  /** Calls `listener` when something was asked, told or noted, and with undefined where that may have been missed. */
  onNews(listener: (news: HealthNews | undefined) => void): void

  /** Of each agent the checks after a moment, oldest first; the last `max` of each. */
  newChecks(after: { agentId: string; at: number }[], max: number): Promise<RecordedCheck[]>
}

/** What several dashboards on one database agree on. Each has a lease of its own, which covers the runs that it owns:
 * those that it accepted or took up. The database's clock alone decides what has lapsed. */
export type ClusterStore = {
  /** Resolves to the id of a dashboard that has just started, or has lost its lease. No two of them are the same. */
  join(dashboard: { name: string; version: string }, ttlMs: number): Promise<string>

  /** Resolves to false when the others do without this dashboard: its runs may be theirs. */
  renew(id: string, ttlMs: number): Promise<boolean>

  /** Its unfinished runs are everybody's, and its leases free. */
  leave(id: string): Promise<void>

  /** What a dashboard of this name that starts has to know of the key of the others. `check` is kept for those that
   * start later, where no other one lives or they have the same; undefined stands for no key. */
  compareKey(name: string, check: string | undefined): Promise<KeyComparison>

  /** Resolves when the other dashboards have been sent what changed here; soon in any case. */
  told(): Promise<void>

  /** Resolves when the store's revision has moved for all that others have told; soon in any case. */
  heard(): Promise<void>

  /** What time it is by the database's clock. */
  now(): Promise<number>

  /** Oldest first; those that are gone stay for an hour. */
  dashboards(): Promise<KnownDashboard[]>

  /** Takes or renews the lease of work that one dashboard does for all. Resolves to its epoch, which moves with every
   * new holder, or to undefined while another holds it. */
  lead(name: string, id: string, ttlMs: number): Promise<number | undefined>

  health: SharedHealthStore

  counts: Counts

  note(name: string): Promise<string | undefined>
  takeNote(name: string, text: string | undefined): Promise<void>

  /** Makes unfinished runs this dashboard's own that nobody follows: their dashboard left, or its lease has lapsed
   * while ours was held for a whole `ttlMs`. (After a time without a database, every lease has lapsed, and everybody
   * renews first.) Resolves to their ids, at most `max`. */
  takeUp(id: string, ttlMs: number, max: number): Promise<string[]>

  /** Calls `listener` with what dashboards tell others of their runs, at once, and with undefined where that may have been missed. */
  onNotice(listener: (notice: RunNotice | undefined) => void): void

  /** Gives back slots of runs that this dashboard owns, takes others whatever the limits, then grants what is free to
   * the pending runs of all dashboards, oldest first. Resolves to all that have a slot now. */
  slots(id: string, limits: SlotLimits, change: { held: string[]; released: string[] }): Promise<SlotHolder[]>

  holders(): Promise<SlotHolder[]>
}
