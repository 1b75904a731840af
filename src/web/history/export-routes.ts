import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { RunExport } from '../../orchestrator/history/export.ts'
import { AppError, InvalidInputError } from '../../shared/errors.ts'
import { fieldsOfList } from '../bulk/body.ts'
import { routes } from '../http/paths.ts'
import { csvHead, runAsNdjson, runsAsCsv } from './export.ts'
import { exportRuns } from './schemas.ts'

type Query = z.output<(typeof exportRuns)['querystring']>

const types = { csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson; charset=utf-8' }

export const runExportRoutes: FastifyPluginAsyncZod = async (app) => {
  const open = new Set<Readable>()
  // Slow readers must not delay the stop.
  app.addHook('preClose', async () => {
    for (const file of open) file.destroy(new AppError('stopped', 503, 'The dashboard was stopped.'))
  })

  app.get(routes.exportRuns, { config: { needs: 'viewer' }, schema: exportRuns }, async (request, reply) => {
    const { format } = request.query
    const found = await request.orchestrator.exportRuns(...selectedBy(request.query))
    const day = new Date(request.orchestrator.now()).toISOString().slice(0, 10)
    reply.type(types[format]).header('content-disposition', `attachment; filename="runs-${day}.${format}"`)
    if (request.method === 'HEAD') return reply.send()
    const parts = format === 'csv' ? csvParts(found) : ndjsonParts(found)
    const file = Readable.from(parts, { objectMode: false })
    open.add(file)
    file.once('close', () => open.delete(file))
    return reply.send(file)
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

/** Parts are made on demand. Errors tear the connection, so that the file looks cut off. */
async function* csvParts({ pinned, runs }: RunExport): AsyncGenerator<string> {
  yield csvHead(pinned)
  for await (const some of runs) if (some.length > 0) yield runsAsCsv(some)
}

async function* ndjsonParts({ runs }: RunExport): AsyncGenerator<string> {
  for await (const some of runs) if (some.length > 0) yield some.map(runAsNdjson).join('')
}
