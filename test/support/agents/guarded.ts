import type { IncomingHttpHeaders } from 'node:http'
import { type AgentHandler, type AgentHandlers, json, startAgent } from './agent.ts'

/** An agent that lets in only whom `isKnown` knows. */
export function startGuardedAgent(
  isKnown: (headers: IncomingHttpHeaders) => boolean,
  handlers: Partial<AgentHandlers> = {},
) {
  const locked = json({ detail: 'Not authenticated' }, 401)
  const guarded = (handler: AgentHandler): AgentHandler => {
    return (request, ...rest) => (isKnown(request.headers) ? handler : locked)(request, ...rest)
  }
  return startAgent(handlers).then((agent) => {
    const all = Object.entries(agent.handlers).map(([name, handler]) => [name, guarded(handler)])
    Object.assign(agent.handlers, Object.fromEntries(all))
    return agent
  })
}
