/** Bulk actions and their progress. */
export type BulkStore = Record<never, never>
