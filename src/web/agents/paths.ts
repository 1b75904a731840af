import type { AgentQuery } from '../../orchestrator/agents/page.ts'
import { pageNames } from '../../shared/reserved-ids.ts'

/** What an agent's page shows when its address says nothing. */
export const usualQuery: AgentQuery = { range: '24h', incidents: 10 }

/** The part of an address that says what the page is to show: empty where that is the usual. */
export function searchOf({ range, incidents }: AgentQuery): string {
  const parts = new URLSearchParams()
  if (range !== usualQuery.range) parts.set('range', range)
  if (incidents !== usualQuery.incidents) parts.set('incidents', String(incidents))
  return parts.size === 0 ? '' : `?${parts}`
}

/** Before what can be done with an agent: `/execute`, `/edit` … */
export function agentPath(id: string): string {
  return `/orchestrator/${encodeURIComponent(id)}`
}

/** All addresses that the page of an agent has. */
export function agentPagePaths(id: string): string[] {
  return [agentPath(id), `/agents/${encodeURIComponent(id)}`]
}

/** Where the page of an agent stands: an agent that chose the name of a page of ours has its own elsewhere. */
export function agentPagePath(id: string): string {
  return pageNames.has(id) ? `/agents/${encodeURIComponent(id)}` : agentPath(id)
}
