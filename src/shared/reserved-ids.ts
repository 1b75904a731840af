/**
 * What stands in `/orchestrator/{name}` for a page of the dashboard itself, so that no agent's page can stand there:
 * nobody registers an agent under such an id by hand. The pages of agents that chose one themselves are at
 * `/agents/{id}`.
 */
export const pageNames: ReadonlySet<string> = new Set(['check', 'health-check', 'register', 'remove-expired', 'test'])
