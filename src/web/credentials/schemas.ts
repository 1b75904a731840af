import { z } from 'zod'
import { time } from '../http/schemas.ts'

const text = z.string().max(8192)
const kind = z.enum(['bearer', 'basic', 'headers'])

const credential = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('bearer'), token: text }),
    z.strictObject({
      type: z.literal('basic'),
      username: text.describe('Without ":"'),
      password: text.nullable().optional(),
    }),
    z.strictObject({
      type: z.literal('headers'),
      headers: z
        .record(z.string(), text)
        .describe('Names and values. Headers of the connection, Host and Content-… cannot be set'),
    }),
  ])
  .nullable()
  .optional()
  .meta({
    description:
      'What the agent asks for. It is encrypted, sent to the origin of the URL alone, and never given out. Null removes it',
    examples: [{ type: 'bearer', token: '3f9c' }],
  })

const given = z.string().nullable().optional()

export const accessFields = {
  credential,
  ca: given.describe('The authority (PEM) whose certificates are accepted, in place of those of this machine'),
  fingerprint: given.describe('SHA-256 of the one certificate that is accepted, with colons or without'),
  health_path: given.meta({ description: 'Where its health is asked, in place of /health', examples: ['/health'] }),
}

export const ofCredentialForm = [
  'credential_type',
  'credential_token',
  'credential_username',
  'credential_password',
  'credential_headers',
] as const

export const savedAccessFields = {
  saved_credential: z
    .strictObject({
      type: kind,
      origin: z.string().describe('Where alone it is sent'),
      saved_at: time.nullable(),
      is_readable: z.boolean().describe('False where it has to be entered again, as its key is another one'),
    })
    .nullable()
    .describe('Which credential is saved; never the credential itself'),
  ca: z.string().nullable(),
  fingerprint: z.string().nullable(),
  health_path: z.string().nullable(),
}
