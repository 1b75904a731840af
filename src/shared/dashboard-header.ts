/** On every answer of ours, so that a dashboard registered as an agent is recognised. */
export const dashboardHeader = 'x-configurable-agents-dashboard'
