import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { connectClient } from '../../../src/store/postgres/database/client.ts'
import { openPostgresStore } from '../../../src/store/postgres/store.ts'
import { createTestClock } from '../../support/clock.ts'
import { type Identity, selfSigned, signed, testAuthority } from '../../support/network/certificates.ts'
import { startServer } from '../../support/postgres/server.ts'
import { temporaryFile } from '../../support/temporary.ts'
import { fastestFolder } from '../../support/temporary-setup.ts'

function pem(name: string, text: string): string {
  const path = temporaryFile(name)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

async function serverWith({ cert, key }: Identity) {
  const files = [`ssl_cert_file=${pem('server.crt', cert)}`, `ssl_key_file=${pem('server.key', key)}`]
  return startServer(fastestFolder(), ['ssl=on', ...files])
}

test('sslmode means against a server with TLS what it means to psql', { timeout: 60_000 }, async () => {
  const server = await serverWith(signed)
  try {
    const [authority, other] = [pem('ca.pem', testAuthority), pem('other.pem', selfSigned.cert)]
    const { port } = new URL(server.url)
    const at = (host: string, parameters: object) =>
      `${Object.assign(new URL(server.url), { host: `${host}:${port}` }).href}?${new URLSearchParams({ ...parameters })}`
    const isEncrypted = async (address: string) => {
      const client = await connectClient(address)
      const { rows } = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
      await client.end()
      return rows[0].ssl
    }
    for (const [parameters, encrypted] of [
      [{ sslmode: 'disable' }, false],
      [{ sslmode: 'prefer' }, true],
      [{ sslmode: 'require' }, true],
      [{ sslmode: 'require', sslrootcert: authority }, true],
      [{ sslmode: 'verify-ca', sslrootcert: authority }, true],
      [{ sslmode: 'verify-full', sslrootcert: authority }, true],
    ] as const)
      expect([parameters, await isEncrypted(at('127.0.0.1', parameters))]).toEqual([parameters, encrypted])

    const refusal = async (parameters: object) => {
      const address = Object.assign(new URL(at('127.0.0.1', parameters)), { password: 'sesame' }).href
      const { message } = await openPostgresStore(address, createTestClock()).catch((error) => error)
      expect(message).not.toContain('sesame')
      return message
    }
    for (const sslmode of ['require', 'verify-ca', 'verify-full'])
      expect(await refusal({ sslmode, sslrootcert: other })).toMatch(
        /^The certificate of postgres:.* is not trusted \(/,
      )
    expect(await refusal({ sslmode: 'verify-full' })).toMatch(/^The certificate of postgres:.* is not trusted \(/)
    // A name for 127.0.0.1 that the certificate does not have.
    const elsewhere = at('127.1', { sslmode: 'verify-full', sslrootcert: authority })
    await expect(connectClient(elsewhere)).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    expect(await isEncrypted(at('127.1', { sslmode: 'verify-ca', sslrootcert: authority }))).toBe(true)
  } finally {
    await server.stop()
  }
})
