import type { FastifyInstance, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { utc, type Zone, zoneNamed } from '../../shared/time/zone.ts'
import { createTimes, type Times } from '../format/times.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the reader, by a cookie that public/js/zone.js sets; else UTC. */
    zone: Zone
    times: Times
  }
}

const cookie = /(?:^|;\s*)reader-zone=([\w+/-]{1,64})(?:;|$)/

export const zones = plugin(async (app: FastifyInstance) => {
  app.decorateRequest('zone', {
    getter(this: FastifyRequest) {
      const [, name] = cookie.exec(this.headers.cookie ?? '') ?? []
      return (name === undefined ? undefined : zoneNamed(name)) ?? utc
    },
  })
  app.decorateRequest('times', {
    getter(this: FastifyRequest) {
      return createTimes(this.zone, app.orchestrator.now())
    },
  })
})
