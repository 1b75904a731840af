import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { routes } from '../http/paths.ts'
import { whoAmI } from './account-schemas.ts'

const knownBy = { session: 'session', proxy: 'proxy', api: 'token', registration: 'token' } as const

export const whoAmIRoute: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.whoAmI, { config: { needs: 'viewer' }, schema: whoAmI }, async ({ actor, identity }) => {
    const { id, name, role, agents } = actor
    return {
      ...{ name, role, agents: agents && [...agents] },
      known_by: identity ? knownBy[identity.kind] : ('nothing' as const),
      user_id: identity?.userId ?? null,
      token_id: identity?.kind === 'api' ? id.slice('token:'.length) : null,
    }
  })
}
