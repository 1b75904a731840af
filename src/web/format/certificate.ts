import type { Diagnosis } from '../../orchestrator/doctor/diagnosis.ts'

type Certificate = NonNullable<Diagnosis['certificate']>

export function certificateAsJson(certificate: Certificate | undefined) {
  if (!certificate) return null
  const { fingerprint, subject, issuer, validFrom, validUntil } = certificate
  return { fingerprint, subject, issuer, valid_from: validFrom || null, valid_until: validUntil || null }
}

/** Nothing in it is to be trusted but the fingerprint. Days are those of UTC, as openssl prints them. */
export function presentCertificate(certificate: Certificate | undefined, accepted?: string) {
  if (!certificate) return undefined
  const { fingerprint, subject, issuer, validFrom, validUntil } = certificate
  return {
    fingerprint,
    facts: [
      { name: 'Issued to', value: subject },
      { name: 'Issued by', value: issuer === subject ? 'itself' : issuer },
      { name: 'Valid', value: validFrom && validUntil ? `${dayOf(validFrom)} to ${dayOf(validUntil)}` : '' },
      { name: 'SHA-256', value: fingerprint },
      { name: 'Accepted so far', value: accepted ?? '' },
    ].filter(({ value }) => value !== ''),
  }
}

const dayOf = (iso: string): string => iso.slice(0, 10)
