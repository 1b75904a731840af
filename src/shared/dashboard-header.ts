/** Stands on every answer of ours: by it a dashboard knows another, or itself, when it is given as an agent's address. */
export const dashboardHeader = 'x-configurable-agents-dashboard'
