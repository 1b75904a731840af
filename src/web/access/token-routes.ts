import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { AppError, InvalidInputError } from '../../shared/errors.ts'
import { isPartialRequest, redirectTo, swapAs } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { presentSide } from '../system/side.ts'
import { agentNames } from './agent-choice.ts'
import type { TypedToken } from './token-schemas.ts'
import * as schemas from './token-schemas.ts'
import { type CreatedToken, presentTokenForm, presentTokens, tokenAsJson } from './tokens-page.ts'

const manages = { needs: 'admin' } as const

export const tokenRoutes: FastifyPluginAsyncZod<{ publicUrl: string }> = async (app, { publicUrl }) => {
  const { tokens } = app.orchestrator.access
  const region = async (request: FastifyRequest, created?: CreatedToken) =>
    presentTokens(await tokens.all(), agentNames(request), request.times, created)
  const registry = ({ protocol, host }: FastifyRequest, secret: string) =>
    new URL(paths.registry(secret), publicUrl || `${protocol}://${host}`).href
  const frame = (title: string) => ({ title, section: 'system', side: presentSide('tokens') })

  app.get(routes.tokens, { config: manages, schema: schemas.listTokens }, async (request, reply) => {
    const all = await tokens.all()
    const shown = () => presentTokens(all, agentNames(request), request.times)
    return respond(request, reply, {
      json: () => ({ tokens: all.map(tokenAsJson) }),
      partial: () => ['access/tokens/_tokens', shown()],
      page: () => ['access/tokens/page', { ...frame('Tokens'), tokens: shown() }],
    })
  })

  app.get(routes.newToken, { config: manages, schema: schemas.showTokenForm }, async (request, reply) =>
    sendForm(request, reply, presentTokenForm(request.actor, agentNames(request))),
  )

  app.post(routes.tokens, { config: manages, schema: schemas.createToken }, async (request, reply) => {
    // Without a content type, no schema has read it.
    if (!request.body) throw new InvalidInputError([{ field: 'name', message: 'Give a name.' }])
    const typed = request.body as TypedToken
    const { expires_in_days: expiresInDays, ...given } = typed
    try {
      const { token, secret } = await tokens.create({ ...given, expiresInDays }, request.actor)
      if (prefersJson(request)) return reply.code(201).send({ ...tokenAsJson(token), token: secret })
      const isForAgents = token.kind === 'registration'
      return sendCreated(request, reply, {
        name: token.name,
        secret,
        registry: isForAgents ? registry(request, secret) : undefined,
      })
    } catch (error) {
      if (!(error instanceof AppError) || prefersJson(request)) throw error
      return sendForm(
        request,
        reply.code(error.status as 200),
        presentTokenForm(request.actor, agentNames(request), typed, error),
      )
    }
  })

  app.get(routes.removeToken, { config: manages, schema: schemas.askToRemoveToken }, async (request, reply) => {
    const { id, name } = await tokens.find(request.params.id)
    const remove = { name, path: paths.token(id), formPath: paths.removeToken(id) }
    if (isPartialRequest(request)) return reply.view('access/tokens/_remove', remove)
    return reply.view('access/tokens/remove', { ...frame(`Remove ${name}`), remove })
  })

  app.post(routes.removeToken, { config: manages, schema: schemas.removeTokenByForm }, async (request, reply) => {
    const { name } = await tokens.remove(request.params.id, request.actor)
    return redirectTo(request, reply, paths.tokens(), { message: `Removed ${name}.` })
  })

  app.delete(routes.token, { config: manages, schema: schemas.removeToken }, async (request, reply) => {
    const { id, name } = await tokens.remove(request.params.id, request.actor)
    if (prefersJson(request)) return { status: 'removed' as const, token_id: id }
    return swapAs(reply, 'none').view('access/tokens/_changed', {
      tokens: await region(request),
      message: `Removed ${name}.`,
    })
  })

  function sendForm(request: FastifyRequest, reply: FastifyReply, form: ReturnType<typeof presentTokenForm>) {
    if (isPartialRequest(request)) return reply.view('access/tokens/_new', form)
    return reply.view('access/tokens/new', { ...frame('Create token'), form })
  }

  /** On the answer itself, without a redirect: the token is kept nowhere. */
  async function sendCreated(request: FastifyRequest, reply: FastifyReply, created: CreatedToken) {
    const model = await region(request, created)
    if (isPartialRequest(request)) return swapAs(reply, 'none').view('access/tokens/_changed', { tokens: model })
    return reply.view('access/tokens/page', { ...frame('Tokens'), tokens: model })
  }
}
