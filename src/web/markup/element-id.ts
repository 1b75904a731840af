import { createHash } from 'node:crypto'

const longest = 40

/** Of an agent's place on a page. Element ids may hold anything but spaces. */
export function elementIdOf(agentId: string): string {
  const id = encodeURIComponent(agentId)
  return `agent-${id.length > longest ? createHash('sha256').update(id).digest('base64url').slice(0, 16) : id}`
}
