import { z } from 'zod'
import { file, jsonOrPage, problems } from '../http/answers.ts'
import { count, time } from '../http/schemas.ts'

const progress = z.strictObject({ done: count, total: count })
const running = z.strictObject({
  status: z.literal('running'),
  started_at: time.nullable(),
  is_checking: z.boolean(),
  written_bytes: count,
  expected_bytes: count,
})
const ready = z.strictObject({
  status: z.literal('ready'),
  started_at: time.nullable(),
  ended_at: time.nullable(),
  bytes: count,
  is_checked: z.literal(true),
  download_url: z.string(),
  available_until: time.nullable(),
})
const failed = z.strictObject({
  status: z.literal('failed'),
  started_at: time.nullable(),
  ended_at: time.nullable(),
  reason: z.string(),
})
const none = z.strictObject({ status: z.literal('none') })
const elsewhere = z.strictObject({ status: z.literal('elsewhere'), reason: z.string() })
const backup = z.discriminatedUnion('status', [none, elsewhere, running, ready, failed])

const system = z
  .strictObject({
    file: z.strictObject({
      path: z.string().nullable().describe('Null for whoever is no admin'),
      bytes: count,
      log_bytes: count.nullable(),
      empty_bytes: count,
      disk_free_bytes: count.nullable(),
    }),
    runs: z.strictObject({ total: count, oldest: time.nullable(), newest: time.nullable() }),
    tables: z.array(z.strictObject({ name: z.string(), rows: count, certainty: z.enum(['exact', 'about', 'more']) })),
    index: z
      .strictObject({ runs: progress.nullable(), states: progress.nullable(), unsearched_runs: count })
      .describe('Null where all is read'),
    retention: z.strictObject({
      keep_days: count,
      keep_runs: count,
      keep_failed_days: count,
      due: count.nullable(),
      let_go: count,
      first_let_go_at: time.nullable(),
      last_let_go_at: time.nullable(),
    }),
    backup,
    dashboards: z
      .array(
        z.strictObject({
          name: z.string(),
          version: z.string(),
          is_this: z.boolean(),
          since: time.nullable(),
          seen_at: time.nullable(),
          gone_at: time.nullable(),
          leads: z.boolean(),
          runs: count,
        }),
      )
      .nullable()
      .describe('All that share the database; null where there can be only one'),
    versions: z
      .strictObject({ program: z.string(), node: z.string(), sqlite: z.string(), postgresql: z.string() })
      .partial({ sqlite: true, postgresql: true }),
  })
  .meta({ id: 'System', description: 'The database and what is done with it' })

const tags = ['Dashboard']

export const showSystem = {
  tags,
  summary: 'The database, its index, retention and backup',
  response: { 200: jsonOrPage('The database', system) },
}

const setting = z.strictObject({ variable: z.string(), value: z.number(), default: z.number() })

export const showChecks = {
  tags,
  summary: 'The settings of checks, runs and retention',
  response: { 200: jsonOrPage('The settings', z.strictObject({ settings: z.array(setting) })) },
}

export const backUp = {
  tags,
  summary: 'Make a backup',
  description: 'Answers at once. `Prefer: wait=20` waits up to so many seconds for its end.',
  response: {
    200: jsonOrPage('It is made', backup),
    202: jsonOrPage('It is being made', backup),
    ...problems(500, 503),
  },
}

export const downloadBackup = {
  tags,
  summary: 'Download the backup',
  params: z.object({
    name: z.string().meta({ description: 'Its file name', examples: ['workflows-2026-11-22T2131.db'] }),
  }),
  response: { 200: file('A SQLite file', 'application/vnd.sqlite3'), ...problems(404) },
}
