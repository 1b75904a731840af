import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import view from '@fastify/view'
import { Eta } from 'eta'
import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { isExposed } from '../../shared/exposure.ts'
import { paths } from '../http/paths.ts'

const viewsFolder = fileURLToPath(new URL('../../../views', import.meta.url))

class Templates extends Eta {
  readonly paths = paths
}

/** Compiled once per process. */
const eta = new Templates({ views: viewsFolder, cache: true, functionHeader: 'const { paths } = this' })

/**
 * Eta templates for pages and partials. Every template gets, besides its own model, the addresses of the dashboard
 * (`paths`), `asset(path)` for addresses of files under public/, the name of the database file for the top bar, whether a page has to warn of others, and what
 * keeps the database from being written.
 */
export const views = plugin(async (app: FastifyInstance, { host }: { host: string }) => {
  await app.register(view, {
    engine: { eta },
    root: viewsFolder,
    viewExt: 'eta',
    // The template cache; without it each request compiles its templates anew.
    production: true,
    defaultContext: {
      asset: app.assetPath,
      database: basename(app.orchestrator.databasePath),
      databasePath: app.orchestrator.databasePath,
      isExposed: isExposed(host),
      storageFault: app.orchestrator.storageFault,
    },
  })
})
