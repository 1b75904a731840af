import type { FastifyReply, FastifyRequest } from 'fastify'
import { isPublishedSecurely } from '../base-path.ts'
import { paths } from '../paths.ts'

/** What was done, in a sentence, for the page that it leads to. */
export type Done = { message: string; tone?: string }

const cookie = 'configurable-agents-done'
const options = () =>
  ({ httpOnly: true, sameSite: 'lax', path: paths.overview(), secure: isPublishedSecurely() }) as const
const secondsToArrive = 60
/** A cookie holds 4 KB; of one letter, up to nine bytes. */
const maxLength = 400

export function keepDone(reply: FastifyReply, { message, tone = 'good' }: Done): FastifyReply {
  const kept = `${tone} ${message.slice(0, maxLength).toWellFormed()}`
  return reply.setCookie(cookie, kept, { ...options(), maxAge: secondsToArrive })
}

export const hasDone = ({ headers }: FastifyRequest): boolean => headers.cookie?.includes(`${cookie}=`) ?? false

/** Once: a page that is loaded again says nothing of it. */
export function takeDone(request: FastifyRequest, reply: FastifyReply): Required<Done> | undefined {
  if (!hasDone(request)) return undefined
  const kept = request.server.parseCookie(request.headers.cookie!)[cookie] ?? ''
  reply.clearCookie(cookie, options())
  const [, tone, message] = /^([a-z]+) (.+)$/s.exec(kept) ?? []
  return message === undefined ? undefined : { tone: tone!, message }
}
