import type { PublicAddress } from '../../config/public-url.ts'

let basePath = ''
let isSecure = false

/** The path of the public URL, which is before every address that goes out. A process serves one dashboard, so this is
 * set as it starts: no template and no presenter has to pass it on. */
export function publishUnder(address: Omit<PublicAddress, 'origin'>): void {
  basePath = address.basePath
  isSecure = address.isSecure
}

export const isPublishedSecurely = () => isSecure

export const published = (address: string) => basePath + address

/** What follows the base path; undefined for an address that does not begin with it. */
export function belowBasePath(address: string): string | undefined {
  if (basePath === '' || !address.startsWith(basePath)) return undefined
  const rest = address.slice(basePath.length)
  if (rest === '' || rest.startsWith('?')) return `/${rest}`
  return rest.startsWith('/') ? rest : undefined
}
