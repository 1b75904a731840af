import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

// Made for these tests with openssl, for localhost, valid until 2126, trusted by nobody.
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgHkmwHdvvD3QZorUP
99Uu1ubKYILPBwU+ZG3XH5wBTTOhRANCAAQeSvJK5zr7IDuiUcLTj1oIL4863Ar2
z/7374mSAgckre3ROOb718q5+n1wl1sbiEVHxWSmlxQ8FQapdPh+yrS4
-----END PRIVATE KEY-----`
const cert = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUA/Xq6oWxlMK4hxLaxnWrZD0AXuYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIxMDQ0N1oYDzIxMjYxMDI5
MjEwNDQ3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQeSvJK5zr7IDuiUcLTj1oIL4863Ar2z/7374mSAgckre3ROOb718q5
+n1wl1sbiEVHxWSmlxQ8FQapdPh+yrS4o28wbTAdBgNVHQ4EFgQUlrvnbXIhi4QN
FVfWANC2KY3TXuMwHwYDVR0jBBgwFoAUlrvnbXIhi4QNFVfWANC2KY3TXuMwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgD2A4pTH2KAc2R39zQKLSzePibAyUrJ0SJ01U3Prv6XECIDST
RffKwW6ndG0AnqcpAMvEsjZwJaly7ohSvMPryXq2
-----END CERTIFICATE-----`

/**
 * A server of 127.0.0.1 that speaks HTTPS alone, with a certificate that it signed itself. `named` are the host names
 * that were asked for.
 */
export async function startTlsServer(answer: RequestListener): Promise<{ port: number; named: string[] }> {
  const named: string[] = []
  const SNICallback = (name: string, done: (error: null) => void) => {
    named.push(name)
    done(null)
  }
  const server = createServer({ key, cert, SNICallback }, answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, named }
}
