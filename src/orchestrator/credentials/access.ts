import { X509Certificate } from 'node:crypto'
import type { FieldError } from '../../shared/errors.ts'
import type { Credential } from './credential.ts'
import { readCredential } from './read.ts'

export type AccessRequest = { credential?: unknown; ca?: unknown; fingerprint?: unknown; health_path?: unknown }

export type AccessEdit = {
  credential?: Credential | undefined
  ca?: string | undefined
  fingerprint?: string | undefined
  healthPath?: string | undefined
}

const maxAuthority = 64 * 1024
const maxPath = 500

/** An empty text unsets, as null does. */
export function readAccess(request: AccessRequest, errors: FieldError[]): AccessEdit {
  const { credential, ca, fingerprint, health_path: path } = request
  const given = (field: string, value: unknown, read: (text: string) => string | undefined): string | undefined => {
    if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) return undefined
    if (typeof value === 'string') return read(value.trim())
    errors.push({ field, message: `${field} must be a string.` })
    return undefined
  }
  const fail = (field: string) => (message: string) => void errors.push({ field, message })
  const authority = given('ca', ca, (text) => readAuthority(text, fail('ca')))
  const accepted = given('fingerprint', fingerprint, (text) => readFingerprint(text, fail('fingerprint')))
  if (authority !== undefined && accepted !== undefined) {
    fail('fingerprint')('Give an authority or the fingerprint of one certificate, not both.')
  }
  return {
    ...(credential !== undefined && {
      credential: credential === null ? undefined : readCredential(credential, errors),
    }),
    ...(ca !== undefined && { ca: authority }),
    ...(fingerprint !== undefined && { fingerprint: accepted }),
    // Each of the two takes the place of the other.
    ...(authority !== undefined && { fingerprint: undefined }),
    ...(accepted !== undefined && { ca: undefined }),
    ...(path !== undefined && {
      healthPath: given('health_path', path, (text) => readPath(text, fail('health_path'))),
    }),
  }
}

function readAuthority(text: string, fail: (message: string) => void): string | undefined {
  const pems = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (/PRIVATE KEY-----/.test(text)) fail('This holds a private key. Give the certificate of the authority alone.')
  else if (text.length > maxAuthority) fail('A certificate may have at most 64 KiB.')
  else if (pems.length === 0 || !pems.every(isCertificate)) {
    fail('This is no certificate in PEM. It begins with -----BEGIN CERTIFICATE-----.')
  } else return `${pems.join('\n')}\n`
  return undefined
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem) !== undefined
  } catch {
    return false
  }
}

/** With colons or without, as browsers and openssl print it. */
function readFingerprint(text: string, fail: (message: string) => void): string | undefined {
  const digits = text.replace(/^sha-?256(?: fingerprint)?[=:\s]*/i, '').replace(/[\s:]/g, '')
  if (/^[\da-f]{64}$/i.test(digits)) return digits.toUpperCase().match(/../g)!.join(':')
  fail('A SHA-256 fingerprint has 64 hexadecimal digits, such as 89:4F:C9:….')
  return undefined
}

function readPath(text: string, fail: (message: string) => void): string | undefined {
  if (/^\/[\x21-\x7e]*$/.test(text) && !/[#\\]/.test(text) && text.length <= maxPath) return text
  fail('A path begins with "/", such as /healthz, and comes after the URL of the agent.')
  return undefined
}
