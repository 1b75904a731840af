import type { FastifyRequest } from 'fastify'
import { paths } from './paths.ts'

/** Where the settings begin for who asks: most are about all agents. Empty where there is nothing for them. */
export function settingsPath({ actor, identity }: Pick<FastifyRequest, 'actor' | 'identity'>): string {
  if (actor.agents === null) return paths.system()
  return identity?.kind === 'session' ? paths.account() : ''
}
