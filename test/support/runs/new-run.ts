import type { NewRun } from '../../../src/store/ports/runs.ts'

/** What the engine hands to a store when a run is accepted. */
export const newRun = (id: string, more: Partial<NewRun> = {}): NewRun => ({
  id,
  agentId: 'writer',
  agentUrl: 'http://localhost:8001',
  workflow: undefined,
  inputs: '{}',
  startedAt: Date.UTC(2026, 10, 22, 16, 14, 30, 57),
  withheld: [],
  rerunOf: null,
  traceId: null,
  isSampled: true,
  startedBy: null,
  startedById: null,
  ...more,
})
