import { open } from 'node:fs/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { BackupError } from '../../shared/errors.ts'
import { isPartialRequest, redirectTo } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { preferredWait } from '../http/preferences.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { backupAsJson } from './backup.ts'
import { presentSystem, systemAsJson } from './page.ts'

const byName = z.object({ name: z.string() })

export async function systemRoutes(app: FastifyInstance) {
  const { orchestrator } = app
  const { system } = orchestrator
  const region = async ({ times }: FastifyRequest) => presentSystem(await system.facts(), times)

  app.get(routes.system, async (request, reply) => {
    const facts = await system.facts()
    const region = () => presentSystem(facts, request.times)
    return respond(request, reply, {
      json: () => systemAsJson(facts),
      partial: () => ['system/_system', region()],
      page: () => ['system/page', { title: 'System', section: 'system', system: region() }],
    })
  })

  app.post(routes.backUp, async (request, reply) => {
    system.backups.begin(request.actor)
    if (isPartialRequest(request)) return reply.view('system/_system', await region(request))
    if (!prefersJson(request)) return redirectTo(request, reply, paths.system())
    const waitMs = preferredWait(request, reply)
    if (waitMs !== undefined) await system.backups.ended(waitMs)
    const backup = await system.backups.state()
    if (backup.status === 'failed') throw new BackupError(backup.reason)
    return reply.code(backup.status === 'running' ? 202 : 200).send(backupAsJson(backup))
  })

  app.get(routes.backup, async (request, reply) => {
    const { path, bytes, name } = system.backups.file(byName.parse(request.params).name)
    const file = await open(path)
    return reply
      .type('application/vnd.sqlite3')
      .header('content-length', bytes)
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
      .send(file.createReadStream())
  })
}
