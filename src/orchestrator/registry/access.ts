import { InvalidInputError } from '../../shared/errors.ts'
import type { AccessEdit } from '../credentials/access.ts'
import { kindNames } from '../credentials/credential.ts'
import { credentialFor, originOf } from '../credentials/sealing.ts'
import type { Agent } from './agent.ts'
import type { Callable } from './target.ts'

/** An agent as it will be called once `access` is saved. */
export function calledAs(agent: Callable, access: AccessEdit, now: number): Callable {
  const { credential } = access
  const brings = 'credential' in access ? credential && credentialFor(credential, agent.url, now) : agent.credential
  return { ...agent, ...access, credential: brings }
}

/** A credential is sent to the origin alone that it was saved for. Throws InvalidInputError. */
export function refuseOtherOrigin(before: Agent | undefined, url: string, access: AccessEdit): void {
  if (!before?.credential || 'credential' in access || url === before.url) return
  const { kind, origin } = before.credential
  const other = originOf(url)
  if (other === origin) return
  const message = `The saved ${kindNames[kind]} is for ${origin} alone. Enter it again for ${other}, or remove it.`
  throw new InvalidInputError([{ field: 'credential', message }])
}
