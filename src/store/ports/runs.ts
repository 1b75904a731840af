/** Runs, one by one, with what belongs to them. */
export type RunStore = Record<never, never>
