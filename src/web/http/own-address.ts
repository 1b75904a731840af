import { belowBasePath, published } from './base-path.ts'
import { routes } from './paths.ts'

const patterns = Object.values(routes).map((route) => ({
  route,
  pattern: new RegExp(`^${route.replace(/:\w+/g, '[^/?]+')}(?:$|\\?)`),
}))

/** An address without the base path, which a proxy may leave on or take off, and which agents beside it leave out. The
 * base path may look like an address of ours: what then could be both is taken as behind it, but for the base path
 * alone. */
export function ownAddress(address: string, hasRoute: (route: string) => boolean = () => true): string {
  const rest = belowBasePath(address)
  if (rest === undefined) return address
  const isRoute = (one: string) =>
    one.startsWith(`${routes.assets}/`) || patterns.some(({ route, pattern }) => pattern.test(one) && hasRoute(route))
  const isBasePathAlone = !address.startsWith(published('/'))
  return isRoute(address) && (isBasePathAlone || !isRoute(rest)) ? address : rest
}
