import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { NotFoundError } from '../../shared/errors.ts'
import { isStrictJson } from '../../shared/json.ts'
import { presentJson } from '../format/json-text.ts'
import { presentTree } from '../format/json-tree.ts'
import { beginningOfId } from '../format/run.ts'
import { paths, routes } from '../http/paths.ts'
import { prefersJson, respond, sendJsonText } from '../http/respond.ts'
import { sendRestOfTree } from '../http/rest-of-tree.ts'
import { nodesAsJson, presentNodes } from './nodes.ts'
import { showBottleneck, showBottleneckTree, showNodes, showState, showStateTree, viewState } from './schemas.ts'

const reads = { needs: 'viewer' } as const

export const runNodeRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.nodes, { config: reads, schema: showNodes }, async (request, reply) => {
    const { run } = await request.orchestrator.run(request.params.id)
    const found = await request.orchestrator.nodes.find(run, request.query.from)
    if (prefersJson(request)) return sendJsonText(reply, nodesAsJson(run, found))
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

  app.get(routes.nodeState, { config: reads, schema: showState }, async (request, reply) =>
    sendText(reply, await stateOf(request, request.params)),
  )

  app.get(routes.viewNodeState, { config: reads, schema: viewState }, async (request, reply) => {
    const { params } = request
    const text = await stateOf(request, params)
    const { id, state } = params
    const tree = presentTree(text)
    return reply.view('nodes/_state', {
      tree,
      treePath: paths.nodeStateTree(id, String(state)),
      spans: tree ? [] : presentJson(text).spans,
      rawPath: paths.nodeState(id, String(state)),
    })
  })

  app.get(routes.nodeStateTree, { config: reads, schema: showStateTree }, async (request, reply) =>
    sendRestOfTree(request, reply, await stateOf(request, request.params), request.query),
  )

  app.get(routes.bottleneck, { config: reads, schema: showBottleneck }, async (request, reply) =>
    sendText(reply, await bottleneckOf(request, request.params)),
  )

  app.get(routes.bottleneckTree, { config: reads, schema: showBottleneckTree }, async (request, reply) =>
    sendRestOfTree(request, reply, await bottleneckOf(request, request.params), request.query),
  )

  function stateOf({ orchestrator }: FastifyRequest, { id, state }: { id: string; state: number }): Promise<string> {
    return orchestrator.nodes.state(id, state)
  }

  async function bottleneckOf({ orchestrator, url }: FastifyRequest, { id }: { id: string }): Promise<string> {
    const { bottleneck } = (await orchestrator.run(id)).run
    if (bottleneck === null) throw new NotFoundError('page', url)
    return bottleneck
  }
}

function sendText(reply: FastifyReply, text: string): FastifyReply {
  return reply.type(isStrictJson(text) ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8').send(text)
}
