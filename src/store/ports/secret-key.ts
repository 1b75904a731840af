/** The key of all that is encrypted in the store. It is no part of the store, nor of its backups. */
export type SecretKey = {
  known(): Uint8Array | undefined
  /** Makes one where there is none. Throws SecretKeyError. */
  needed(): Uint8Array
}
