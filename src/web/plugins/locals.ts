import { basename } from 'node:path'
import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { isPostgres } from '../../config/database.ts'
import { knowsPlaces, localActor, nobody } from '../../shared/actor.ts'
import { type ActorRole, includesRole } from '../../shared/role.ts'
import { takeDone } from '../http/cookies/done.ts'
import { paths } from '../http/paths.ts'
import { settingsPath } from '../http/settings-path.ts'

export const locals = plugin(async (app: FastifyInstance, { allowedHosts }: { allowedHosts: string[] }) => {
  app.decorateReply('locals', {
    getter() {
      const { times, actor, identity, orchestrator, storageFault, outdated } = this.request
      const { databasePath } = app.orchestrator
      return {
        times,
        agentsDown: () => (actor.id === nobody.id ? 0 : orchestrator.agentsDown()),
        actor,
        storageFault,
        done: () => takeDone(this.request, this),
        outdated,
        /** Undefined for whoever is not to know where it is. */
        databasePath: knowsPlaces(actor) ? databasePath : undefined,
        database: basename(databasePath),
        isFile: !isPostgres(databasePath),
        isUnprotected: actor.id === localActor.id && allowedHosts.length > 0,
        isLoggedIn: identity?.kind === 'session',
        /** What is about all agents is refused to others. */
        seesAll: actor.agents === null,
        loginPath: paths.login(this.request.method === 'GET' ? { next: this.request.url } : {}),
        settingsPath: settingsPath({ actor, identity }),
        isOfProxy: identity?.kind === 'proxy',
        /** Whether who looks may do what needs a role: nothing is offered that would be refused. */
        may: (role: ActorRole) => actor.id !== nobody.id && includesRole(actor.role, role),
      }
    },
  })
})
