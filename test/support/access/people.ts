import type { FastifyInstance, InjectOptions } from 'fastify'
import { expect } from 'vitest'
import type { Overrides } from '../../../src/app.ts'
import type { Config } from '../../../src/config.ts'
import { localActor } from '../../../src/shared/actor.ts'
import type { ActorRole } from '../../../src/shared/role.ts'
import { buildTestApp, type TestApp } from '../app.ts'

/** A password is as strong as ever, but takes a millisecond to check. */
const quick = { passwordLogCost: 4 } as const

export const passwordOf = (name: string) => `password of ${name}`

/** A dashboard with these users; each has the password `passwordOf(name)`. */
export async function buildAppWithUsers(
  users: Record<string, ActorRole> = { ann: 'admin' },
  config: Partial<Config> = {},
  overrides: Overrides = {},
): Promise<TestApp> {
  const app = await buildTestApp(config, { ...quick, ...overrides })
  for (const [name, role] of Object.entries(users)) await addUser(app, name, role)
  return app
}

export async function addUser(app: FastifyInstance, name: string, role: ActorRole, agents: string[] | null = null) {
  return app.orchestrator.access.users.add({ name, password: passwordOf(name), role, agents }, localActor)
}

/** The cookie that an answer sets, as a browser sends it back; empty where it drops it. */
export function cookieOf(headers: Record<string, unknown>): string {
  return String(headers['set-cookie']).split(';')[0]!
}

/** Logs in as a script would, and resolves to the cookie. */
export async function cookieFor(app: FastifyInstance, name: string, password = passwordOf(name)): Promise<string> {
  const answer = await logIn(app, name, password)
  expect(answer.statusCode, answer.payload).toBe(200)
  return cookieOf(answer.headers)
}

export function logIn(app: FastifyInstance, username: string, password: string, rest: InjectOptions = {}) {
  return app.inject({
    method: 'POST',
    url: '/login',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    payload: JSON.stringify({ username, password }),
    ...rest,
  })
}

/** A request of somebody who has logged in. */
export function ask(app: FastifyInstance, cookie: string, url: string, rest: InjectOptions = {}) {
  return app.inject({ url, ...rest, headers: { accept: 'application/json', cookie, ...rest.headers } })
}
