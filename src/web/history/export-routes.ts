import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { RunExport } from '../../orchestrator/history/export.ts'
import { AppError, InvalidInputError } from '../../shared/errors.ts'
import { routes } from '../http/paths.ts'
import { csvHead, runAsNdjson, runsAsCsv } from './export.ts'

const query = z.object({ format: z.enum(['csv', 'ndjson']) })
const types = { csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson; charset=utf-8' }

/** Everything that the filter of the list means, as a file. */
export async function runExportRoutes(app: FastifyInstance) {
  const { orchestrator } = app
  const open = new Set<Readable>()
  // Who reads slowly must not keep the program from stopping.
  app.addHook('preClose', async () => {
    for (const file of open) file.destroy(new AppError('stopped', 503, 'The dashboard was stopped.'))
  })

  app.get(routes.exportRuns, async (request, reply) => {
    const wanted = query.safeParse(request.query)
    if (!wanted.success) throw new InvalidInputError([{ field: 'format', message: 'Choose csv or ndjson.' }])
    const { format } = wanted.data
    const found = orchestrator.exportRuns(request.query as Record<string, unknown>)
    const day = new Date(orchestrator.now()).toISOString().slice(0, 10)
    reply.type(types[format]).header('content-disposition', `attachment; filename="runs-${day}.${format}"`)
    if (request.method === 'HEAD') return reply.send()
    const parts = format === 'csv' ? csvParts(found) : ndjsonParts(found)
    const file = Readable.from(unhurried(parts), { objectMode: false })
    open.add(file)
    file.once('close', () => open.delete(file))
    return reply.send(file)
  })
}

function* csvParts({ pinned, runs }: RunExport): Generator<string> {
  yield csvHead(pinned)
  for (const some of runs) yield runsAsCsv(some)
}

function* ndjsonParts({ runs }: RunExport): Generator<string> {
  for (const some of runs) yield some.map(runAsNdjson).join('')
}

/**
 * Lets other requests go between two parts. A part is only made when the one before was taken, so nothing piles up; who
 * goes away ends the generator, and a failure in it tears the connection, so that what was sent looks cut off.
 */
async function* unhurried(parts: Generator<string>): AsyncGenerator<string> {
  for (const part of parts) {
    if (part !== '') yield part
    await setImmediate()
  }
}
