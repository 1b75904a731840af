import { digestOf } from '../postgres/bulk/reasons.ts'
import type { Row } from './row.ts'

/** The file has the list as JSON. */
export const runIdsFromFile = (row: Row): Row => ({
  ...row,
  runIds: row.runIds === null ? null : JSON.parse(String(row.runIds)),
})

export const runIdsToFile = (row: Row): Row => ({
  ...row,
  runIds: row.runIds === null ? null : JSON.stringify(row.runIds),
})

export const reasonToBase = (row: Row): Row => ({ ...row, digest: digestOf(String(row.reason)) })
