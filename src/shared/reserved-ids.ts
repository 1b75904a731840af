/** Names of our own pages under `/orchestrator/`: no agent is registered under them by hand. */
export const pageNames: ReadonlySet<string> = new Set(['check', 'health-check', 'register', 'remove-expired', 'test'])

/** Names of our own pages under `/runs/`: no program reports a run under them. */
export const runPageNames: ReadonlySet<string> = new Set(
  'bulk chart compare export fields further search-help views'.split(' '),
)
