import type { FastifyInstance } from 'fastify'
import type { FastifyPluginAsyncZod, ZodTypeProvider } from 'fastify-type-provider-zod'

/** Adds the routes of features to `app` itself. `register` would give each a context of its own, which takes as long as
 * its routes; it is for those with hooks, parsers or error handlers of their own. */
export async function addRoutes(app: FastifyInstance, features: FastifyPluginAsyncZod[]): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>()
  for (const addTo of features) await addTo(typed, {})
}
