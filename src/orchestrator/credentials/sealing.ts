import type { Target } from '../../agent/http/target.ts'
import { ivBytes, seal, unseal } from '../../shared/secrets/seal.ts'
import type { StoredCredential } from '../../store/ports/agents.ts'
import type { SecretKey } from '../../store/ports/secret-key.ts'
import { type Credential, headersOf, secretsOf } from './credential.ts'

/** The secret itself is in no member, so that whatever prints or serialises an agent cannot give it away. */
export type AgentCredential = Pick<StoredCredential, 'kind' | 'origin' | 'savedAt'> & {
  /** False where the key is another than when it was saved, as after a restore elsewhere. */
  isReadable: boolean
  /** What a request to that URL brings: nothing at another origin than it was saved for. */
  broughtTo(url: string): Pick<Target, 'headers' | 'secrets'>
}

export type CredentialSeal = {
  close(agentId: string, credential: Credential, url: string, savedAt: number): StoredCredential
  open(agentId: string, stored: StoredCredential): AgentCredential
}

export const originOf = (url: string): string => new URL(url).origin

export function createCredentialSeal(key: SecretKey, randomHex: (bytes: number) => string): CredentialSeal {
  const contextOf = (agentId: string) => `${agentId}|sealed`

  function opened(agentId: string, { sealed, origin }: StoredCredential): Credential | undefined {
    const known = key.known()
    const text = known && unseal(sealed, { key: known, context: contextOf(agentId) })
    if (text === undefined) return undefined
    const saved = JSON.parse(text) as { credential: Credential; origin: string }
    // The column could be changed by whoever may write the file; what is sealed could not.
    return saved.origin === origin ? saved.credential : undefined
  }

  return {
    close(agentId, credential, url, savedAt) {
      const origin = originOf(url)
      const iv = Buffer.from(randomHex(ivBytes), 'hex')
      const sealed = seal(JSON.stringify({ credential, origin }), {
        key: key.needed(),
        iv,
        context: contextOf(agentId),
      })
      return { kind: credential.type, origin, sealed, savedAt }
    },

    open(agentId, stored) {
      const { kind, origin, savedAt } = stored
      const credential = opened(agentId, stored)
      if (credential) return credentialFor(credential, origin, savedAt)
      return { kind, origin, savedAt, isReadable: false, broughtTo: () => ({ headers: {} }) }
    },
  }
}

/** Of a typed one, which is not saved yet. */
export function credentialFor(credential: Credential, url: string, savedAt: number): AgentCredential {
  const origin = originOf(url)
  const brought = { headers: headersOf(credential), secrets: secretsOf(credential) }
  return {
    kind: credential.type,
    origin,
    savedAt,
    isReadable: true,
    broughtTo: (called) => (originOf(called) === origin ? brought : { headers: {} }),
  }
}
