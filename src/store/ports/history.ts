/** Finding runs again, and counting them. */
export type HistoryStore = Record<never, never>
