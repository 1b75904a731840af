import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import view from '@fastify/view'
import { Eta } from 'eta'
import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { paths } from '../http/paths.ts'
import { attributes } from '../markup/attributes.ts'
import { fieldMarks } from '../markup/field-marks.ts'
import { icon, iconOfPage, pageIcon } from '../markup/icon.ts'
import { opensDialog } from '../markup/opens-dialog.ts'

const htmxConfig = JSON.stringify({
  includeIndicatorCSS: false,
  morphIgnore: ['data-htmx-powered', 'open', 'tabindex', 'data-changed'],
  morphSkip: '[hx-morph-skip], button.htmx-request',
  defaultTimeout: 130_000,
  history: 'reload',
})
const viewsFolder = fileURLToPath(new URL('../../../views', import.meta.url))

class Templates extends Eta {
  readonly paths = paths
  readonly attributes = attributes
  readonly icon = icon
  readonly fieldMarks = fieldMarks
  readonly pageIcon = pageIcon
  readonly iconOfPage = iconOfPage
  readonly opensDialog = opensDialog
}

const eta = new Templates({
  views: viewsFolder,
  cache: true,
  functionHeader: 'const { paths, attributes, icon, pageIcon, iconOfPage, fieldMarks, opensDialog } = this',
})

export const views = plugin(async (app: FastifyInstance) => {
  await app.register(view, {
    engine: { eta },
    root: viewsFolder,
    viewExt: 'eta',
    // Caches templates; without it each request compiles them.
    production: true,
    defaultContext: {
      asset: app.assetPath,
      htmxConfig,
      database: basename(app.orchestrator.databasePath),
      databasePath: app.orchestrator.databasePath,
      storageFault: app.orchestrator.storageFault,
      agentsDown: app.orchestrator.agentsDown,
    },
  })
})
