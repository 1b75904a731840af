/** The record of health checks. */
export type HealthStore = Record<never, never>
