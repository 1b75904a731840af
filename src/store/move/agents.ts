import { fromRow } from '../sqlite/agents/agents.ts'
import type { Row } from './row.ts'

type FileRow = Parameters<typeof fromRow>[0]

export function agentFromFile(row: Row): Row {
  const { agentId: id, baseUrl: _, agentName: name, agentMetadata: metadata, lastHeartbeat, ...rest } = row
  const { url, host, port, registeredBy, pausedAt, registeredAt } = fromRow({ ...(row as FileRow), credential: null })
  const knownAt = registeredAt || 0
  const lastHeartbeatAt = Number.isNaN(lastHeartbeat) ? knownAt : lastHeartbeat
  return {
    ...rest,
    ...{ id, name, metadata, lastHeartbeatAt, url, host, port, registeredBy, pausedAt, registeredAt: knownAt },
  }
}

export function agentToFile(row: Row): Row {
  const { id: agentId, url: baseUrl, name: agentName, metadata: agentMetadata, lastHeartbeatAt, ...rest } = row
  return { ...rest, agentId, baseUrl, agentName, agentMetadata, lastHeartbeat: lastHeartbeatAt }
}
