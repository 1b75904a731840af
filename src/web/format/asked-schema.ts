import { z } from 'zod'
import { time } from '../http/schemas.ts'

export const credentialUrl = z
  .string()
  .nullable()
  .describe('Where an admin enters the credential that it asks for; null where it asks for none')

export const certificate = z.strictObject({
  fingerprint: z.string().describe('SHA-256'),
  subject: z.string(),
  issuer: z.string(),
  valid_from: time.nullable(),
  valid_until: time.nullable(),
})
