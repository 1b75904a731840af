import { z } from 'zod'

const agentId = z.string().meta({ description: 'Agent ID, percent-encoded', examples: ['writer'] })
export const runId = z.string().meta({ description: 'Run ID', examples: ['0199b0c8-7a51-7c3e-9d0a-5f0e6f1f2a3b'] })
export const byAgent = z.object({ id: agentId })
export const byRun = z.object({ id: runId })

/** A field of a query or form, which may be there more than once. */
export const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())])

export const time = z.iso.datetime().meta({ description: 'UTC', examples: ['2026-11-22T16:14:30.057Z'] })
export const count = z.number().int().min(0)
/** A payload: any JSON, to the digit as the agent sent it. */
export const payload = z.unknown().meta({ description: 'Any JSON' })
