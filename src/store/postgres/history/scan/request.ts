import type { SQL } from 'drizzle-orm'
import { sql } from '../../sql/drizzle.ts'

/** The limits of a step: rows that are looked at together, at first and at most; rows that are sorted rather than
 * walked along; and runs with some words that are found by these. */
export type Steps = { first: number; window: number; sorted: number; rare: number }
export const usualSteps: Steps = { first: 400, window: 20_000, sorted: 4000, rare: 10_000 }

export const direction = (isDescending: boolean): SQL => sql.raw(isDescending ? 'DESC' : 'ASC')
