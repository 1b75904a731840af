import type { FastifyReply, FastifyRequest } from 'fastify'
import { isPublishedSecurely, publishedPort } from '../base-path.ts'
import { paths } from '../paths.ts'

/** What was done, in a sentence, for the page that it leads to. */
export type Done = { message: string; tone?: string }

/** Cookies know no ports, and another dashboard on this host has its own sentence. */
const cookieOf = ({ host }: FastifyRequest) =>
  `configurable-agents-done-${publishedPort() ?? /:(\d+)$/.exec(host)?.[1] ?? ''}`
const options = () =>
  ({ httpOnly: true, sameSite: 'lax', path: paths.overview(), secure: isPublishedSecurely() }) as const
const secondsToArrive = 60
/** A cookie holds 4 KB; of one letter, up to nine bytes. */
const maxLength = 400

export function keepDone(reply: FastifyReply, { message, tone = 'good' }: Done): FastifyReply {
  const kept = `${tone} ${message.slice(0, maxLength).toWellFormed()}`
  return reply.setCookie(cookieOf(reply.request), kept, { ...options(), maxAge: secondsToArrive })
}

export const hasDone = (request: FastifyRequest): boolean =>
  request.headers.cookie?.includes(`${cookieOf(request)}=`) ?? false

/** Once: a page that is loaded again says nothing of it. */
export function takeDone(request: FastifyRequest, reply: FastifyReply): Required<Done> | undefined {
  if (!hasDone(request)) return undefined
  const kept = request.server.parseCookie(request.headers.cookie!)[cookieOf(request)] ?? ''
  reply.clearCookie(cookieOf(request), options())
  const [, tone, message] = /^([a-z]+) (.+)$/s.exec(kept) ?? []
  return message === undefined ? undefined : { tone: tone!, message }
}
