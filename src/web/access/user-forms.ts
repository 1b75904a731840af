import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../shared/errors.ts'
import { isPartialRequest, redirectTo } from '../http/htmx.ts'
import { paths } from '../http/paths.ts'
import { prefersJson } from '../http/respond.ts'

/** Who changes their own role may not see the users any more. */
export function toUsers(request: FastifyRequest, reply: FastifyReply, message: string, changedId?: string) {
  const isOwn = changedId !== undefined && changedId === request.identity?.userId
  return redirectTo(request, reply, isOwn ? paths.account() : paths.users(), { message })
}

type Form = [template: string, form: { title: string } & Record<string, unknown>]

export function sendForm(request: FastifyRequest, reply: FastifyReply, ...[template, form]: Form) {
  if (isPartialRequest(request)) return reply.view(template, form)
  return reply.view('access/form', { title: form.title, section: 'system', template, form })
}

export async function orForm(
  request: FastifyRequest,
  reply: FastifyReply,
  { change, again }: { change: () => Promise<FastifyReply>; again: (error: AppError) => Form },
): Promise<FastifyReply> {
  try {
    return await change()
  } catch (error) {
    const isAtForm = error instanceof AppError && error.status < 500 && error.status !== 404
    if (!isAtForm || prefersJson(request)) throw error
    return sendForm(request, reply.code(error.status), ...again(error))
  }
}
