import { z } from 'zod'
import { changes, onAgentPage } from '../agents/change-schemas.ts'
import { accessFields, ofCredentialForm } from '../credentials/schemas.ts'
import { certificate } from '../format/asked-schema.ts'
import { jsonOrPage, pageOnly, problems } from '../http/answers.ts'
import { unchecked } from '../http/schemas.ts'

const test = z
  .strictObject({
    agent_url: z
      .string()
      .optional()
      .meta({
        description: 'The base URL. Whatever is no URL is reported as such',
        examples: ['http://localhost:8001'],
      }),
    agent_id: z.string().optional().describe('The ID that it has or will have'),
    ...accessFields,
  })
  .meta({ examples: [{ agent_url: 'http://localhost:8001' }] })
/** `instead` is the URL of a button that tests another than the typed one, `accept` a certificate's fingerprint. */
const ofForm = ['agent_name', 'description', 'first', 'instead', 'accept', ...ofCredentialForm] as const

const line = z.strictObject({
  check: z.enum(['address', 'name', 'port', 'http', 'health', 'schema', 'run', 'self']),
  verdict: z.enum(['pass', 'neutral', 'warn', 'fail', 'skipped']),
  message: z.string(),
  next: z.string().nullable().describe('What to do next'),
})

const diagnosis = z
  .strictObject({
    agent_url: z.string(),
    ok: z.boolean(),
    lines: z.array(line).describe('In this order; after one that failed, the rest is skipped'),
    suggestion: z
      .strictObject({ agent_id: z.string(), agent_name: z.string(), description: z.string() })
      .nullable()
      .describe('As what to register it'),
    suggested_url: z.string().nullable(),
    needs_credential: z.boolean().describe('It asks for one, or refuses the one it was sent'),
    certificate: certificate.nullable().describe('Its certificate, where that is not accepted'),
  })
  .meta({ id: 'Diagnosis', description: 'What is wrong with a URL' })

export const testUrl = {
  tags: ['Agents'],
  summary: 'Test the URL of an agent',
  description: 'Nothing is saved, and no run begins.',
  body: unchecked(test, ofForm),
  response: { 200: jsonOrPage('What was found', diagnosis), ...problems(422) },
}

export const testAgentEdit = {
  ...onAgentPage,
  hide: true,
  body: unchecked(changes, [...ofCredentialForm, 'instead', 'accept']),
  response: { 200: pageOnly('The form, with what was found') },
}
