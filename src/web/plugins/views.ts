import view from '@fastify/view'
import { Eta } from 'eta'
import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { projectFile } from '../../folders.ts'
import type { ActorRole } from '../../shared/role.ts'
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
const viewsFolder = projectFile('views')

type May = (role: ActorRole) => boolean

class Templates extends Eta {
  readonly paths = paths
  readonly attributes = attributes
  readonly icon = icon
  readonly fieldMarks = fieldMarks
  readonly pageIcon = pageIcon
  readonly iconOfPage = iconOfPage
  readonly opensDialog = opensDialog
  #may: May = () => false

  readonly may: May = (role) => this.#may(role)

  /** Rendering is synchronous, so what a page includes is for the same reader, whatever model it is given. */
  constructor(options: ConstructorParameters<typeof Eta>[0]) {
    super(options)
    const render = this.render
    this.render = (template, data, meta) => {
      const before = this.#may
      this.#may = (data as { may?: May }).may ?? before
      try {
        return render.call(this, template, data, meta)
      } finally {
        this.#may = before
      }
    }
  }
}

/** How deep a template is indented is nothing that a page has to carry; that a space is there, counts. */
const withoutIndents = { processTemplate: (template: string) => template.replace(/\n[ \t]+/g, '\n ') }

const eta = new Templates({
  views: viewsFolder,
  cache: true,
  plugins: [withoutIndents],
  functionHeader: 'const { paths, attributes, icon, pageIcon, iconOfPage, fieldMarks, opensDialog, may } = this',
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
    },
  })
})
