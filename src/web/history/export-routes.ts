import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { RunExport } from '../../orchestrator/history/export.ts'
import { InvalidInputError } from '../../shared/errors.ts'
import { fieldsOfList } from '../bulk/body.ts'
import { createExportSender } from '../http/exports.ts'
import { routes } from '../http/paths.ts'
import { csvHead, runAsNdjson, runsAsCsv } from './export.ts'
import { exportRuns } from './schemas.ts'

type Query = z.output<(typeof exportRuns)['querystring']>

export const runExportRoutes: FastifyPluginAsyncZod = async (app) => {
  const send = createExportSender(app)

  app.get(routes.exportRuns, { config: { needs: 'viewer' }, schema: exportRuns }, async (request, reply) => {
    const { format } = request.query
    const found = await request.orchestrator.exportRuns(...selectedBy(request.query))
    return send(request, reply, {
      name: 'runs',
      format,
      parts: format === 'csv' ? csvParts(found) : ndjsonParts(found),
    })
  })
}

/** An address of a list with `format`; or the form of selected runs, with the list's address as `filter`. */
function selectedBy(query: Query): [fields: Record<string, unknown>, runIds?: string[]] {
  const { run = [], all, filter = '' } = query
  if (!['run', 'all', 'filter'].some((name) => Object.hasOwn(query, name))) return [query]
  if (run.length > 0 === (all !== undefined))
    throw new InvalidInputError([{ field: 'run', message: 'Select runs, or all that match.' }])
  const { older: _, newer: __, ...list } = fieldsOfList(filter)
  return all === undefined ? [list, run] : [list]
}

async function* csvParts({ pinned, runs }: RunExport): AsyncGenerator<string> {
  yield csvHead(pinned)
  for await (const some of runs) if (some.length > 0) yield runsAsCsv(some)
}

async function* ndjsonParts({ runs }: RunExport): AsyncGenerator<string> {
  for await (const some of runs) if (some.length > 0) yield some.map(runAsNdjson).join('')
}
