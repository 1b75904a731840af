import { createHash } from 'node:crypto'
import type { RunKey } from '../../store/ports/runs.ts'

export const keyLifeMs = 86_400_000

/**
 * What a key is kept as. Other inputs under a form's token are another key, because the form was changed and sent
 * again; under a script's key they are the same key, so that the error is noticed.
 */
export function keyOf(
  agentId: string,
  inputs: string,
  { scope, value }: { scope: 'api' | 'form'; value: string },
  now: number,
): RunKey {
  const inputsHash = digest(inputs)
  const parts = scope === 'form' ? [scope, agentId, value, inputsHash] : [scope, agentId, value]
  return { key: digest(JSON.stringify(parts)), inputsHash, at: now, expiresBefore: now - keyLifeMs }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
