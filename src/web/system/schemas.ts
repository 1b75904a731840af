import { z } from 'zod'
import { json } from '../http/answers.ts'
import { time } from '../http/schemas.ts'

const tags = ['Dashboard']
const healthy = z.strictObject({ status: z.literal('healthy'), timestamp: time })
const unhealthy = z.strictObject({ status: z.literal('unhealthy'), reason: z.string(), timestamp: time })
const ready = {
  200: json('The dashboard can save', healthy),
  503: json('The database cannot be written or opened', unhealthy),
}

export const showLiveness = {
  tags,
  summary: 'Does the process answer?',
  response: { 200: json('It does', healthy) },
}
export const showReadiness = { tags, summary: 'Can runs be saved?', response: ready }
export const showHealth = { tags, summary: 'Can runs be saved? As agents answer it', response: ready }
