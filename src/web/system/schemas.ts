import { z } from 'zod'
import { json } from '../http/answers.ts'
import { time } from '../http/schemas.ts'

const tags = ['Dashboard']
const healthy = z.strictObject({ status: z.literal('healthy'), timestamp: time })
const unhealthy = z.strictObject({ status: z.literal('unhealthy'), reason: z.string(), timestamp: time })
const cannotSave = { 503: json('The database cannot be written or opened', unhealthy) }

const ready = healthy.extend({
  index: z
    .strictObject({
      state: z.enum(['ready', 'building']),
      done: z.number().int().nullable(),
      total: z.number().int().nullable(),
    })
    .describe('Whether older runs are still being read into the history: `done` of about `total`'),
  monitor: z
    .strictObject({ late: z.boolean(), late_seconds: z.number(), overdue_checks: z.number().int() })
    .describe('Late: a health check is overdue by more than a round'),
})

export const showLiveness = {
  tags,
  summary: 'Does the process answer?',
  response: { 200: json('It does', healthy) },
}
export const showReadiness = {
  tags,
  summary: 'Can runs be saved?',
  response: { 200: json('The dashboard can save', ready), ...cannotSave },
}
export const showHealth = {
  tags,
  summary: 'Can runs be saved? As agents answer it',
  response: { 200: json('The dashboard can save', healthy), ...cannotSave },
}
