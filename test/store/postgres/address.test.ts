import pg from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { addressFor } from '../../../src/store/postgres/database/address.ts'
import { openError } from '../../../src/store/postgres/faults/causes.ts'

const address = 'postgres://dashboard:secret@db.example/dashboard'
/** Any file: nobody connects. */
const authority = import.meta.filename

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
