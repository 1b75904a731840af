import type { Agent } from '../../orchestrator/registry/agent.ts'
import { isoTime } from '../format/times.ts'

export type SavedAccess = ReturnType<typeof savedAccessAsJson>

export function savedAccessAsJson({ credential, ca, fingerprint, healthPath }: Agent) {
  return {
    saved_credential: credential
      ? {
          type: credential.kind,
          origin: credential.origin,
          saved_at: isoTime(credential.savedAt),
          is_readable: credential.isReadable,
        }
      : null,
    ca: ca ?? null,
    fingerprint: fingerprint ?? null,
    health_path: healthPath ?? null,
  }
}
