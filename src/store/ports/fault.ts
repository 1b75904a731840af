/**
 * What keeps the store from being written, and since when. `reason` is a sentence or two for anybody; for admins the
 * same names the database.
 */
export type StorageFault = { kind: string; reason: string; reasonForAdmins: string; since: number }
