/** Whose certificate is accepted: one that this authority (PEM) has signed, or this very one. */
export type Trust = { ca: string } | { fingerprint: string }

/** `fingerprint` is of SHA-256, `AB:CD:…`. The rest is what the certificate says of itself. */
export type Certificate = {
  fingerprint: string
  subject: string
  issuer: string
  /** In ISO 8601; empty where they cannot be read. */
  validFrom: string
  validUntil: string
}
