import type { PublicAddress } from '../../config/public-url.ts'

let basePath = ''
let isSecure = false
let port: string | undefined

/** The path of the public URL, which is before every address that goes out. A process serves one dashboard, so this is
 * set as it starts: no template and no presenter has to pass it on. */
export function publishUnder({ origin, ...address }: PublicAddress): void {
  basePath = address.basePath
  isSecure = address.isSecure
  port = origin === undefined ? undefined : new URL(origin).port
}

export const isPublishedSecurely = () => isSecure

/** Of the public URL: empty where its scheme says it, undefined where only the request tells. */
export const publishedPort = () => port

export const published = (address: string) => basePath + address

/** What follows the base path; undefined for an address that does not begin with it. */
export function belowBasePath(address: string): string | undefined {
  if (basePath === '' || !address.startsWith(basePath)) return undefined
  const rest = address.slice(basePath.length)
  if (rest === '' || rest.startsWith('?')) return `/${rest}`
  return rest.startsWith('/') ? rest : undefined
}
