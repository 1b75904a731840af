import { X509Certificate } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { exchange } from '../../../src/agent/http/exchange.ts'
import type { ExchangeRecord } from '../../../src/agent/http/record.ts'
import type { Trust } from '../../../src/agent/http/trust.ts'
import { type Identity, selfSigned, signed, testAuthority } from '../../support/network/certificates.ts'
import { startTlsServer } from '../../support/network/tls-server.ts'
import { targetAt, transport } from '../../support/network/transport.ts'

const fingerprintOf = ({ cert }: Identity) => new X509Certificate(cert).fingerprint256

async function startTls(identity: Identity) {
  const seen: (string | undefined)[] = []
  const answer: RequestListener = ({ headers }, response) => {
    seen.push(headers.authorization)
    response.end('{}')
  }
  return { ...(await startTlsServer(answer, identity)), seen }
}

const call = (url: string, trust?: Trust, onRecord?: (record: ExchangeRecord) => void) =>
  exchange(transport, {
    method: 'GET',
    target: targetAt(url, { authorization: 'Bearer a-long-token' }, { trust }),
    deadlineMs: 10_000,
    maxBytes: 1000,
    onRecord,
  })

test('a refused certificate is described, and nothing was sent to whoever has it', async () => {
  const { port, seen } = await startTls(signed)
  const records: ExchangeRecord[] = []
  const refused = call(`https://localhost:${port}/`, undefined, (record) => records.push(record))
  await expect(refused).rejects.toMatchObject({
    kind: 'tls',
    isUnsent: true,
    reason: 'its TLS certificate is not accepted (unable to verify leaf signature)',
    details: {
      certificate: {
        fingerprint: fingerprintOf(signed),
        subject: 'localhost',
        issuer: 'Test authority of the dashboard',
        validUntil: expect.stringMatching(/^2126-/),
      },
    },
  })
  expect(records[0]!.failure).toContain(fingerprintOf(signed))
  expect(seen).toEqual([])
})

test('the authority of an agent is trusted for it, and no other', async () => {
  const ours = await startTls(signed)
  expect((await call(`https://localhost:${ours.port}/`, { ca: testAuthority })).text).toBe('{}')
  expect(ours.seen).toEqual(['Bearer a-long-token'])
  const others = await startTls(selfSigned)
  await expect(call(`https://localhost:${others.port}/`, { ca: testAuthority })).rejects.toMatchObject({ kind: 'tls' })
  expect(others.seen).toEqual([])
})

test('an authority does not vouch for another name', async () => {
  const { port, seen } = await startTls(signed)
  const elsewhere = call(`https://agents.localhost:${port}/`, { ca: testAuthority })
  await expect(elsewhere).rejects.toMatchObject({ reason: expect.stringContaining('altname invalid') })
  expect(seen).toEqual([])
})

test('an accepted certificate is trusted whatever name and issuer it has, and no other is', async () => {
  const trust = { fingerprint: fingerprintOf(selfSigned) }
  const ours = await startTls(selfSigned)
  expect((await call(`https://agents.localhost:${ours.port}/`, trust)).text).toBe('{}')
  const others = await startTls(signed)
  await expect(call(`https://localhost:${others.port}/`, trust)).rejects.toMatchObject({
    kind: 'tls',
    isUnsent: true,
    reason: 'its TLS certificate is another one than the accepted one',
    details: { certificate: { fingerprint: fingerprintOf(signed) } },
  })
  expect(others.seen).toEqual([])
})
