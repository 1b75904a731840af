import type { IncomingMessage } from 'node:http'
import { routes } from './paths.ts'

/** What is logged and answered in place of a token. */
const hidden = routes.registry.replace(':token', '***')
const prefixed = new RegExp(`^${routes.registry.replace(':token', '([^/?]+)')}(.*)$`, 's')
const ofRegistry = new RegExp(`^${routes.registeredAgents}(?:[/?]|$)`)

const tokens = new WeakMap<IncomingMessage, string>()

/** The token of an agent that cannot send a header: it stands in the URL of its registry. */
export function tokenInAddress({ raw }: { raw: IncomingMessage }): string | undefined {
  return tokens.get(raw)
}

export const beginsWithToken = (address: string) => address.startsWith(routes.registry.replace(':token', 'ca_'))

/** The address behind the token, which only `tokenInAddress` tells from now on. */
export function withoutToken(request: IncomingMessage & { originalUrl?: string }, address: string): string {
  const [, token, rest] = prefixed.exec(address) ?? []
  if (token === undefined || rest === undefined) return address
  request.originalUrl = hidden + rest
  if (!ofRegistry.test(rest)) return hidden + rest
  tokens.set(request, token)
  return rest
}
