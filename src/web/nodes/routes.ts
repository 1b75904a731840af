import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { NotFoundError } from '../../shared/errors.ts'
import { isStrictJson } from '../../shared/json.ts'
import { presentJson } from '../format/json-text.ts'
import { presentTree } from '../format/json-tree.ts'
import { beginningOfId } from '../format/run.ts'
import { paths, routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { sendRestOfTree } from '../http/rest-of-tree.ts'
import { nodesAsJson, presentNodes } from './nodes.ts'

const byId = z.object({ id: z.string() })
const range = z.object({ from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).catch(0) })
const byState = z.object({ id: z.string(), state: z.coerce.number().int().safe() })

export async function runNodeRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.get(routes.nodes, async (request, reply) => {
    const { run } = await orchestrator.run(byId.parse(request.params).id)
    const found = await orchestrator.nodes.find(run, range.parse(request.query).from)
    if (prefersJson(request)) return reply.type('application/json; charset=utf-8').send(nodesAsJson(run, found))
    const nodes = await presentNodes(run, found)
    const page = {
      title: `Nodes of ${run.workflow}`,
      section: 'runs',
      runPath: paths.run(run.id, { tab: 'nodes' }),
      shortId: beginningOfId(run.id),
      nodes,
    }
    return respond(request, reply, {
      json: () => undefined,
      partial: () => ['nodes/_nodes', { nodes }],
      page: () => ['nodes/nodes', page],
    })
  })

  app.get(routes.nodeState, async (request, reply) => sendText(reply, await stateOf(request)))

  app.get(routes.viewNodeState, async (request, reply) => {
    const text = await stateOf(request)
    const { id, state } = byState.parse(request.params)
    const tree = presentTree(text)
    return reply.view('nodes/_state', {
      tree,
      treePath: paths.nodeStateTree(id, String(state)),
      spans: tree ? [] : presentJson(text).spans,
      rawPath: paths.nodeState(id, String(state)),
    })
  })

  app.get(routes.nodeStateTree, async (request, reply) => sendRestOfTree(request, reply, await stateOf(request)))

  app.get(routes.bottleneck, async (request, reply) => sendText(reply, await bottleneckOf(request)))

  app.get(routes.bottleneckTree, async (request, reply) => sendRestOfTree(request, reply, await bottleneckOf(request)))

  async function stateOf(request: FastifyRequest): Promise<string> {
    const wanted = byState.safeParse(request.params)
    if (!wanted.success) throw new NotFoundError('page', request.url)
    return orchestrator.nodes.state(wanted.data.id, wanted.data.state)
  }

  async function bottleneckOf(request: FastifyRequest): Promise<string> {
    const { bottleneck } = (await orchestrator.run(byId.parse(request.params).id)).run
    if (bottleneck === null) throw new NotFoundError('page', request.url)
    return bottleneck
  }
}

function sendText(reply: FastifyReply, text: string): FastifyReply {
  return reply.type(isStrictJson(text) ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8').send(text)
}
