/** Names of our own pages under `/orchestrator/`: no agent is registered under them by hand. */
export const pageNames: ReadonlySet<string> = new Set(['check', 'health-check', 'register', 'remove-expired', 'test'])
