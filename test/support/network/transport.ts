import { createNames, type Names } from '../../../src/agent/http/names/names.ts'
import { createRoutes } from '../../../src/agent/http/names/routes.ts'
import type { Target } from '../../../src/agent/http/target.ts'
import { createTransport } from '../../../src/agent/http/transport.ts'
import { type Clock, systemClock } from '../../../src/shared/time/clock.ts'

/** No name leads anywhere but localhost: no test asks a name server that is not its own. */
export const noNames = (clock: Clock = systemClock): Names => createNames(async () => ({ missing: 'unknown' }), clock)

/** The routes and the transport of the program, but for that. */
export const routes = createRoutes(noNames())
export const transport = createTransport(routes)

export const targetAt = (url: string, headers: Record<string, string> = {}, more: Partial<Target> = {}): Target => ({
  url,
  headers,
  ...more,
})
