/** Who did what. Nothing here holds inputs, outputs, passwords or tokens. */
export type AuditEntry = {
  at: number
  actorId: string
  actorName: string
  actorRole: string
  action: string
  /** What it was done to, as an agent or a user; null where that is the dashboard itself. */
  subjectKind: string | null
  subjectId: string | null
  subjectName: string | null
  agentId: string | null
  details: Record<string, string | number | boolean | null> | null
  address: string | null
}

/** `position` is that of the entry in the trail; later ones are greater. */
export type RecordedAuditEntry = AuditEntry & { position: string }

/** Exact words; `from` inclusive, `to` not. */
export type AuditFilter = {
  actorName?: string | undefined
  action?: string | undefined
  agentId?: string | undefined
  subjectId?: string | undefined
  from?: number | undefined
  to?: number | undefined
}

export type AuditStore = {
  /** All, or none. Recorded silently. */
  add(entries: AuditEntry[]): Promise<void>

  /** The newest first. `older` than a position, or `newer` than one: then those next to it. */
  list(
    filter: AuditFilter,
    page: { max: number; older?: string | undefined; newer?: string | undefined },
  ): Promise<RecordedAuditEntry[]>

  actorNames(max: number): Promise<string[]>

  isPosition(text: string): boolean

  /** Some of those from before that moment. Resolves to whether there are more. Silent. */
  prune(before: number): Promise<boolean>
}
