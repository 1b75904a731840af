import { routes } from '../http/paths.ts'

const isOfLogin = (path: string) => path === routes.login || path.startsWith(`${routes.login}/`)

/** An address of ours, else the overview: a link to the login must not lead elsewhere. */
export function safeNext(given: string | undefined): string {
  if (given === undefined || !given.startsWith('/') || /[\\\p{Cc}]/u.test(given)) return routes.overview
  const base = 'http://dashboard.invalid'
  if (!URL.canParse(given, base)) return routes.overview
  const { origin, pathname, search } = new URL(given, base)
  if (origin !== base || pathname.startsWith('//') || isOfLogin(pathname)) return routes.overview
  return pathname + search
}
