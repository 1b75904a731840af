import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../shared/errors.ts'

const types = { csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson; charset=utf-8' }

/** `parts` are made on demand. Errors tear the connection, so that the file looks cut off. */
type Export = { name: string; format: keyof typeof types; parts: AsyncIterable<string> }

export type SendExport = (request: FastifyRequest, reply: FastifyReply, file: Export) => FastifyReply

export function createExportSender(app: FastifyInstance): SendExport {
  const open = new Set<Readable>()
  // Slow readers must not delay the stop.
  app.addHook('preClose', async () => {
    for (const file of open) file.destroy(new AppError('stopped', 503, 'The dashboard was stopped.'))
  })

  return (request, reply, { name, format, parts }) => {
    const day = new Date(request.orchestrator.now()).toISOString().slice(0, 10)
    reply.type(types[format]).header('content-disposition', `attachment; filename="${name}-${day}.${format}"`)
    if (request.method === 'HEAD') return reply.send()
    const file = Readable.from(parts, { objectMode: false })
    open.add(file)
    file.once('close', () => open.delete(file))
    return reply.send(file)
  }
}
