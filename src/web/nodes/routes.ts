import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { NotFoundError } from '../../shared/errors.ts'
import { isStrictJson } from '../../shared/json.ts'
import { presentJson } from '../format/json-text.ts'
import { presentTree } from '../format/json-tree.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { sendRestOfTree } from '../http/rest-of-tree.ts'
import { runPath } from '../runs/run.ts'
import { nodesAsJson, presentNodes } from './nodes.ts'

const byId = z.object({ id: z.string() })
const range = z.object({ from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).catch(0) })
const byState = z.object({ id: z.string(), state: z.coerce.number().int().safe() })

/** What the Python program wrote of a run: the states of its nodes, and where the time went. */
export async function runNodeRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.get('/runs/:id/nodes', async (request, reply) => {
    const { run } = orchestrator.run(byId.parse(request.params).id)
    const found = await orchestrator.nodes.find(run, range.parse(request.query).from)
    if (prefersJson(request)) return reply.type('application/json; charset=utf-8').send(nodesAsJson(run, found))
    const nodes = await presentNodes(run, found)
    const page = { title: `Nodes of ${run.workflow}`, section: 'runs', runPath: runPath(run.id), nodes }
    return respond(request, reply, {
      json: () => undefined,
      partial: () => ['nodes/_nodes', { nodes }],
      page: () => ['nodes/nodes', page],
    })
  })

  app.get('/runs/:id/states/:state', async (request, reply) => sendText(reply, stateOf(request)))

  app.get('/runs/:id/states/:state/view', async (request, reply) => {
    const text = stateOf(request)
    const path = request.url.split('?')[0]!.slice(0, -'/view'.length)
    const tree = presentTree(text)
    return reply.view('nodes/_state', {
      tree,
      treePath: `${path}/tree`,
      spans: tree ? [] : presentJson(text).spans,
      rawPath: path,
    })
  })

  app.get('/runs/:id/states/:state/tree', async (request, reply) => sendRestOfTree(request, reply, stateOf(request)))

  app.get('/runs/:id/bottleneck', async (request, reply) => sendText(reply, bottleneckOf(request)))

  app.get('/runs/:id/bottleneck/tree', async (request, reply) => sendRestOfTree(request, reply, bottleneckOf(request)))

  function stateOf(request: FastifyRequest): string {
    const wanted = byState.safeParse(request.params)
    if (!wanted.success) throw new NotFoundError('page', request.url)
    return orchestrator.nodes.state(wanted.data.id, wanted.data.state)
  }

  function bottleneckOf(request: FastifyRequest): string {
    const { bottleneck } = orchestrator.run(byId.parse(request.params).id).run
    if (bottleneck === null) throw new NotFoundError('page', request.url)
    return bottleneck
  }
}

function sendText(reply: FastifyReply, text: string): FastifyReply {
  return reply.type(isStrictJson(text) ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8').send(text)
}
