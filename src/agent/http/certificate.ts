import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { acceptedAnother, notAccepted } from '../../shared/text/certificate-words.ts'
import { AgentFailure } from './failure.ts'
import type { Certificate, Trust } from './trust.ts'

const maxName = 200

/** Throws AgentFailure unless the certificate of a fresh connection is accepted: nothing may be sent before.
 * Connections open with `rejectUnauthorized: false`, since Node would keep a refused certificate to itself. */
export function checkCertificate(socket: Socket, trust: Trust | undefined): void {
  if (!(socket instanceof TLSSocket)) return
  const certificate = certificateOf(socket)
  if (trust && 'fingerprint' in trust) {
    if (certificate.fingerprint === trust.fingerprint) return
    throw refusal(acceptedAnother, certificate)
  }
  if (socket.authorized) return
  // Of @types/node an Error; it is a code, or a sentence where there is none.
  const code = String(socket.authorizationError).toLowerCase().replaceAll('_', ' ')
  throw refusal(`${notAccepted} (${code})`, certificate)
}

const refusal = (reason: string, certificate: Certificate) => new AgentFailure('tls', reason, true, { certificate })

function certificateOf(socket: TLSSocket): Certificate {
  const { fingerprint256, subject, issuer, valid_from: from, valid_to: until } = socket.getPeerCertificate()
  return {
    fingerprint: fingerprint256,
    subject: nameOf(subject),
    issuer: nameOf(issuer),
    validFrom: momentOf(from),
    validUntil: momentOf(until),
  }
}

function momentOf(text: string): string {
  const at = Date.parse(text)
  return Number.isNaN(at) ? '' : new Date(at).toISOString()
}

function nameOf(name: { CN?: string | string[]; O?: string | string[] } | undefined): string {
  return [name?.CN ?? name?.O ?? []].flat().join(', ').slice(0, maxName)
}
