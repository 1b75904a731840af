import { createHash } from 'node:crypto'
import type { RunKey } from '../../store/ports/runs.ts'

export const keyLifeMs = 86_400_000

/** Other inputs make another key of a form, which was changed and sent again, and none of a script, which is refused. */
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
