/** The store as such: its size, its backups, its old rows. */
export type UpkeepStore = Record<never, never>
