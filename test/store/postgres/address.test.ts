import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { addressFor } from '../../../src/store/postgres/database/address.ts'
import { openError } from '../../../src/store/postgres/faults/causes.ts'
import { selfSigned, signed, testAuthority } from '../../support/network/certificates.ts'

const address = 'postgres://dashboard:secret@db.example/dashboard'
const authority = pem(testAuthority)

function pem(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'address-')), 'file.pem')
  writeFileSync(path, text)
  return path
}

/** How the driver speaks TLS by it, and what it prints. */
function tlsOf(parameters: string) {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  onTestFinished(() => warn.mockRestore())
  const client = new pg.Client({ connectionString: addressFor(address + parameters) })
  expect(warn).not.toHaveBeenCalled()
  return (client as unknown as { ssl: unknown }).ssl
}

test.each([
  ['', false],
  ['?sslmode=disable', false],
  ['?sslmode=prefer', { rejectUnauthorized: false }],
  ['?sslmode=require', { rejectUnauthorized: false }],
  ['?sslmode=no-verify', { rejectUnauthorized: false }],
  ['?sslmode=verify-full', {}],
  [`?sslmode=require&sslrootcert=${authority}`, { ca: expect.any(String), checkServerIdentity: expect.any(Function) }],
  [
    `?sslmode=verify-ca&sslrootcert=${authority}`,
    { ca: expect.any(String), checkServerIdentity: expect.any(Function) },
  ],
])('%s in an address means what it means to PostgreSQL, without a warning', (parameters, expected) => {
  expect(tlsOf(parameters)).toEqual(expected)
})

test('verify-ca without an authority is refused in words', () => {
  expect(() => addressFor(`${address}?sslmode=verify-ca`)).toThrow(
    / needs sslrootcert, the file of the authority\. Add it, /,
  )
})

test.each(['VERIFY-FULL', 'allow', 'none'])('%s is no sslmode', (mode) => {
  expect(() => addressFor(`${address}?sslmode=${mode}`)).toThrow(
    'sslmode in the address of the database must be one of disable, prefer, require, verify-ca, verify-full.',
  )
})

test.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
  '%s is about the certificate, not about the network',
  (code) => {
    expect(openError(Object.assign(new Error(), { code }), 'It')).toMatchObject({
      message: expect.stringMatching(
        /^The certificate of It is not trusted \(\w+\)\. Name its authority as sslrootcert /,
      ),
    })
  },
)

test.each([
  ['postgres://ann:sesame@a,b/name', 'names several hosts, which is not supported. Name one'],
  ['postgres:///name?host=a,b&password=sesame', 'names several hosts'],
  ['postgres://ann:sesame@a/name?port=1,2', 'names several hosts'],
  [
    'postgres://ann:sesame@a/name?target_session_attrs=read-write',
    'target_session_attrs in the address of the database is not supported. Leave it out.',
  ],
  ['postgres://ann:sesame@a/name?hostaddr=127.0.0.1', 'hostaddr in the address'],
  ['postgres://ann:sesame@a/name?sslmode=verify-full&sslcrl=/x', 'sslcrl in the address'],
])('%s is refused by what is not supported in it', (given, said) => {
  expect(() => addressFor(given)).toThrow(said)
  expect(() => addressFor(given)).not.toThrow('sesame')
})

test('an address without a host, or with that of a socket, is read as the driver reads it', () => {
  for (const given of [
    'postgres:///name',
    'postgres:///name?host=/run/postgresql',
    'postgres://%2Frun%2Fpostgresql/name',
  ])
    expect(addressFor(given)).toBe(given)
  const { host, database } = new pg.Client({ connectionString: 'postgres://%2Frun%2Fpostgresql/name' })
  expect([host, database]).toEqual(['/run/postgresql', 'name'])
})

test('a file of TLS that cannot be used is named, with what is wrong with it', () => {
  const [cert, key, otherKey] = [pem(signed.cert), pem(signed.key), pem(selfSigned.key)]
  const text = pem('no certificate')
  const folder = dirname(text)
  const encrypted = pem('-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----')
  const refusal = (parameters: object) => {
    try {
      addressFor(`${address}?${new URLSearchParams({ sslmode: 'verify-full', ...parameters })}`)
      return undefined
    } catch (error) {
      return (error as Error).message
    }
  }
  const named = (name: string, path: string) => `${name} in the address of the database names ${path}`
  expect(refusal({ sslcert: cert, sslkey: key, sslrootcert: authority })).toBeUndefined()
  expect(refusal({ sslrootcert: '/none.pem' })).toBe(
    `${named('sslrootcert', '/none.pem')}, which cannot be read (ENOENT).`,
  )
  expect(refusal({ sslrootcert: folder })).toBe(`${named('sslrootcert', folder)}, which cannot be read (EISDIR).`)
  expect(refusal({ sslrootcert: text })).toBe(`${named('sslrootcert', text)}, which is not a certificate in PEM form.`)
  expect(refusal({ sslcert: key, sslkey: key })).toBe(
    `${named('sslcert', key)}, which is not a certificate in PEM form.`,
  )
  expect(refusal({ sslcert: cert, sslkey: cert })).toBe(
    `${named('sslkey', cert)}, which is not a private key in PEM form.`,
  )
  expect(refusal({ sslcert: cert, sslkey: encrypted })).toMatch(/has a passphrase: name a key without one\.$/)
  expect(refusal({ sslcert: cert, sslkey: otherKey })).toBe(
    `${named('sslkey', otherKey)}, which is not the key of the certificate ${cert}.`,
  )
  expect(refusal({ sslcert: cert })).toBe(`${named('sslcert', cert)}, and no sslkey. Name both.`)
})
