import { open } from 'node:fs/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Config } from '../../config.ts'
import { knowsPlaces } from '../../shared/actor.ts'
import { BackupError } from '../../shared/errors.ts'
import { isPartialRequest, redirectTo } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { preferredWait } from '../http/preferences.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { backupAsJson } from './backup.ts'
import { presentSystem, type ShownFacts, systemAsJson } from './page.ts'
import { backUp, downloadBackup, showChecks, showSystem } from './page-schemas.ts'
import { presentChecksAndRetention } from './retention.ts'
import { settingsAsJson } from './settings.ts'
import { presentSide } from './side.ts'

const reads = { needs: 'viewer' } as const
/** It holds everything. */
const copies = { needs: 'admin' } as const

export const systemRoutes: FastifyPluginAsyncZod<{ config: Config }> = async (app, { config }) => {
  const factsFor = async ({ orchestrator, actor }: FastifyRequest): Promise<ShownFacts> => {
    const facts = await orchestrator.system.facts()
    return knowsPlaces(actor) ? facts : { ...facts, path: undefined }
  }
  const file = async (request: FastifyRequest) => presentSystem(await factsFor(request), request.times)

  app.get(routes.system, { config: reads, schema: showSystem }, async (request, reply) => {
    const facts = await factsFor(request)
    const region = () => presentSystem(facts, request.times)
    return respond(request, reply, {
      json: () => systemAsJson(facts),
      partial: () => ['system/_system', region()],
      page: () => [
        'system/page',
        { title: 'Settings', section: 'system', side: presentSide('database'), system: region() },
      ],
    })
  })

  app.get(routes.checksAndRetention, { config: reads, schema: showChecks }, async (request, reply) => {
    const facts = await request.orchestrator.system.facts()
    const region = () => presentChecksAndRetention(facts, config, request.times)
    return respond(request, reply, {
      json: () => ({ settings: settingsAsJson(config) }),
      partial: () => ['system/_checks', region()],
      page: () => [
        'system/checks',
        { title: 'Checks and retention', section: 'system', side: presentSide('checks'), checks: region() },
      ],
    })
  })

  app.post(routes.backUp, { config: copies, schema: backUp }, async (request, reply) => {
    request.orchestrator.system.backups.begin(request.actor)
    if (isPartialRequest(request)) return reply.view('system/_system', await file(request))
    if (!prefersJson(request)) return redirectTo(request, reply, paths.system())
    const waitMs = preferredWait(request, reply)
    if (waitMs !== undefined) await request.orchestrator.system.backups.ended(waitMs)
    const backup = await request.orchestrator.system.backups.state()
    if (backup.status === 'failed') throw new BackupError(backup.reason)
    return reply.code(backup.status === 'running' ? 202 : 200).send(backupAsJson(backup))
  })

  app.get(routes.backup, { config: copies, schema: downloadBackup }, async (request, reply) =>
    sendFile(
      reply,
      request.orchestrator.system.backups.file(request.params.name, { ...request.actor, address: request.ip }),
    ),
  )
}

async function sendFile(reply: FastifyReply, { path, bytes, name }: { path: string; bytes: number; name: string }) {
  const file = await open(path)
  return reply
    .type('application/vnd.sqlite3')
    .header('content-length', bytes)
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    .send(file.createReadStream())
}
