import { paths, routes } from '../../web/http/paths.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { ProblemError, shownUrl } from './errors.ts'
import type { Exchange } from './exchange.ts'

const firstSegments = new Set(Object.values(routes).map((route) => route.split('/')[1]))

/** The address of a page, copied from the browser, is not that of the dashboard. Throws CommandError. */
export async function checkAddress(url: URL, exchange: Exchange): Promise<void> {
  if (url.pathname === '/') return
  try {
    const answer = await exchange({ path: paths.liveness() })
    answer.resume()
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 404) throw error
    throw new CommandError(
      `There is no dashboard at ${shownUrl(url)}, only a page of one. Leave the page out: --url ${withoutPage(url)}`,
      exitCodes.usage,
    )
  }
}

function withoutPage({ origin, pathname }: URL): string {
  const segments = pathname.split('/')
  const page = segments.findIndex((segment, index) => index > 0 && firstSegments.has(segment))
  return origin + segments.slice(0, page < 0 ? 1 : page).join('/')
}
