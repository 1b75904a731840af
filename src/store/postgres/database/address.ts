import { StoreOpenError } from '../../../shared/errors.ts'

/** Words of `sslmode` that mean here what they mean to PostgreSQL's own programs. */
const ofLibpq = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full']

/** Empty: as if it were not there. */
const ofDriver = ['no-verify', '']

/** As the driver is to read it: of itself it takes most words of `sslmode` for another, and warns of that. Throws StoreOpenError. */
export function addressFor(url: string): string {
  const address = new URL(url)
  const { searchParams: asked } = address
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
