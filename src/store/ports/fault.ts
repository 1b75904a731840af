/** What keeps the store from being written, and since when. `reason` is a sentence or two for a person. */
export type StorageFault = { kind: string; reason: string; since: number }
