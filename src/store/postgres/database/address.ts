import { StoreOpenError } from '../../../shared/errors.ts'
import { refuseTlsFiles } from './tls-files.ts'

/** Words of `sslmode` that mean here what they mean to PostgreSQL's own programs. */
const ofLibpq = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full']

/** Empty: as if it were not there. */
const ofDriver = ['no-verify', '']

/** Parameters of libpq that the driver ignores: it would use another server, or a less safe connection. */
const unsupported = [
  ...['hostaddr', 'target_session_attrs', 'load_balance_hosts', 'service', 'passfile', 'requirepeer', 'require_auth'],
  ...['sslpassword', 'sslcrl', 'sslcrldir', 'ssl_min_protocol_version', 'gssencmode', 'channel_binding'],
]

/** As the driver is to read it: of itself it takes most words of `sslmode` for another, and warns of that. Throws StoreOpenError. */
export function addressFor(url: string): string {
  const address = new URL(url)
  const { searchParams: asked } = address
  refuseUnsupported(address)
  refuseTlsFiles(asked)
  const mode = asked.get('sslmode')
  if (mode === null || asked.has('uselibpqcompat')) return url
  if (![...ofLibpq, ...ofDriver].includes(mode))
    throw new StoreOpenError(`sslmode in the address of the database must be one of ${ofLibpq.join(', ')}.`)
  if (mode === 'verify-ca' && !asked.has('sslrootcert'))
    throw new StoreOpenError(
      'sslmode=verify-ca in the address of the database needs sslrootcert, the file of the authority. Add it, or use sslmode=verify-full.',
    )
  if (ofLibpq.includes(mode)) asked.set('uselibpqcompat', 'true')
  return address.href
}

function refuseUnsupported({ hostname, searchParams: asked }: URL): void {
  const hosts = [hostname, asked.get('host') ?? '', asked.get('port') ?? '']
  if (hosts.some((one) => one.includes(',')))
    throw new StoreOpenError(
      'The address of the database names several hosts, which is not supported. Name one: that of the server that writes, or one that leads to it.',
    )
  const found = unsupported.find((name) => asked.has(name))
  if (found !== undefined)
    throw new StoreOpenError(`${found} in the address of the database is not supported. Leave it out.`)
}
