import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import type { LoggedIn } from '../../../orchestrator/access/access.ts'
import { paths } from '../paths.ts'

/** Cookies know no ports: the name must be no other program's. */
export const sessionCookie = 'configurable-agents-session'

/** Links from other pages may lead to a page that shows who is logged in; changes from there are refused by their origin. */
const optionsFor = (isSecure: boolean): CookieSerializeOptions => ({
  ...{ httpOnly: true, sameSite: 'lax', path: paths.overview(), secure: isSecure },
})

export function keepSession(reply: FastifyReply, { secret, seconds }: LoggedIn, isSecure: boolean): FastifyReply {
  return reply.setCookie(sessionCookie, secret, { ...optionsFor(isSecure), maxAge: seconds })
}

export function dropSession(reply: FastifyReply, isSecure: boolean): FastifyReply {
  return reply.clearCookie(sessionCookie, optionsFor(isSecure))
}
