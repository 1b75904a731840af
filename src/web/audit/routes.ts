import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { InvalidInputError } from '../../shared/errors.ts'
import { localNames, withLocalTimes } from '../format/local-moments.ts'
import { createExportSender } from '../http/exports.ts'
import { isFormRequest, pushAs } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { presentSide } from '../system/side.ts'
import { asNdjson, asSpreadsheet, entryAsJson } from './export.ts'
import { type Fields, presentAudit } from './page.ts'
import { exportAudit, listAudit } from './schemas.ts'

const admits = { needs: 'admin' } as const
const entriesOfPage = 50
const ofPage = ['older', 'newer', 'limit']

export const auditRoutes: FastifyPluginAsyncZod<{ keepAuditDays: number }> = async (app, { keepAuditDays }) => {
  const send = createExportSender(app)

  app.get(routes.audit, { config: admits, schema: listAudit }, async (request, reply) =>
    prefersJson(request) ? sendJson(request, reply) : sendPage(request, reply),
  )

  async function find({ orchestrator }: FastifyRequest, fields: Record<string, unknown>, max: number) {
    const filter = await orchestrator.audit.readFilter(fields, ofPage)
    const { older, newer } = fields as Fields
    return { filter, found: await orchestrator.audit.list(filter, { max, older, newer }) }
  }

  async function sendJson(request: FastifyRequest, reply: FastifyReply) {
    const { limit, ...fields } = request.query as Fields
    const { found } = await find(request, fields, Number(limit ?? entriesOfPage))
    const { older: _, newer: __, ...filter } = { ...fields, ...(limit !== undefined && { limit }) } as Fields
    const page = (position: Fields) => paths.audit({ ...filter, ...position })
    return reply.header('vary', 'accept, hx-request, cookie').send({
      entries: found.entries.map(entryAsJson),
      older: found.older === undefined ? null : page({ older: found.older }),
      newer: found.newer === undefined ? null : page({ newer: found.newer }),
      unwritten: found.unwritten,
    })
  }

  async function sendPage(request: FastifyRequest, reply: FastifyReply) {
    const { orchestrator, zone, times } = request
    const fields = typedIn(request.query as Record<string, unknown>, zone)
    const { filter, found, errors } = await find(request, fields, entriesOfPage).then(
      (all) => ({ ...all, errors: [] }),
      (error: unknown) => {
        if (!(error instanceof InvalidInputError)) throw error
        return { filter: undefined, found: undefined, errors: error.fields }
      },
    )
    const agents = orchestrator.agents().agents.map(({ id, name }) => ({ id, name }))
    const names = await orchestrator.audit.actorNames()
    const audit = presentAudit(
      { fields, from: filter?.from, to: filter?.to, found, errors },
      { names, agents, keepDays: keepAuditDays, times },
    )
    if (isFormRequest(request)) pushAs(reply, audit.path)
    if (errors.length > 0) reply.code(422)
    return respond(request, reply, {
      json: () => undefined,
      partial: () => ['audit/_audit', audit],
      page: () => ['audit/page', { title: 'Audit', section: 'system', side: presentSide('audit'), audit }],
    })
  }

  app.get(routes.exportAudit, { config: admits, schema: exportAudit }, async (request, reply) => {
    const { format, ...fields } = request.query
    const filter = await request.orchestrator.audit.readFilter(fields)
    const by = { ...request.actor, address: request.ip }
    const entries = request.orchestrator.audit.export(filter, { format, fields: fields as Fields, by })
    return send(request, reply, {
      ...{ name: 'audit', format },
      parts: format === 'csv' ? asSpreadsheet(entries) : asNdjson(entries),
    })
  })
}

/** What a form leaves empty is not asked for; its times are the reader's. */
function typedIn(query: Record<string, unknown>, zone: FastifyRequest['zone']): Fields {
  const given = Object.entries(withLocalTimes(query, zone)).map(
    ([name, value]) => [name, [value].flat().at(-1)] as const,
  )
  return Object.fromEntries(
    given.filter(
      (one): one is [string, string] =>
        typeof one[1] === 'string' && one[1].trim() !== '' && !localNames.includes(one[0]),
    ),
  )
}
