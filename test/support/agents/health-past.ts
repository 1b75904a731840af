import type { HealthStore } from '../../../src/store/ports/health.ts'

type Past = Pick<HealthStore, 'past'>

const all = { maxChecks: 1000, slotMs: 60_000, slotsFrom: 0, hoursFrom: 0 }

export const checksOf = async (health: Past, agentId: string, maxChecks: number) =>
  (await health.past(agentId, { ...all, maxChecks })).checks

export const worstOf = async (health: Past, agentId: string, slotMs: number, slotsFrom: number) =>
  (await health.past(agentId, { ...all, slotMs, slotsFrom })).slots

export const incidentOf = async (health: Past, agentId: string) => (await health.past(agentId, all)).incident
