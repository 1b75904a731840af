import type { Database } from 'better-sqlite3'
import { parse } from 'node-html-parser'
import type { Overrides } from '../../../src/app.ts'
import type { ActorRole } from '../../../src/shared/role.ts'
import type { AuditEntry } from '../../../src/store/ports/audit.ts'
import { ask, buildAppWithUsers, cookieFor } from '../access/people.ts'
import type { TestApp } from '../app.ts'
import { writeAsPython } from '../store/python-rows.ts'

export const at = Date.UTC(2026, 10, 20, 9)
const minute = 60_000
export const url = '/settings/audit'

export type Row = Partial<AuditEntry>

export function insertEntries({ db }: Pick<TestApp, 'db'>, rows: Row[]): Promise<void> {
  return writeAsPython(db, (file) => addEntries(file, rows))
}

function addEntries(file: Database, rows: Row[]): void {
  const add = file.prepare(
    `INSERT INTO dashboard_audit
       (at, actor_id, actor_name, actor_role, action, subject_kind, subject_id, subject_name, agent_id, details, address)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  rows.forEach((row, index) => {
    const { actorName = 'bob', action = 'agent.check', details } = row
    add.run(
      ...[row.at ?? at + index * minute, `user:${actorName}`, actorName, 'operator', action, row.subjectKind ?? null],
      ...[row.subjectId ?? null, row.subjectName ?? null, row.agentId ?? null],
      ...[details ? JSON.stringify(details) : null, '10.0.0.7'],
    )
  })
}

export const runEntry = (id: string, agentId: string, rest: Row = {}): Row => ({
  ...{ action: 'run.execute', subjectKind: 'run', subjectId: id, agentId },
  ...rest,
})

/** Whoever looks has logged in, which is the newest entry. */
export async function openTrail(
  rows: Row[],
  users: Record<string, ActorRole> = { ann: 'admin' },
  overrides: Overrides = {},
) {
  const app = await buildAppWithUsers(users, {}, overrides)
  const cookie = await cookieFor(app, 'ann')
  await insertEntries(app, rows)
  const found = async (query: string) => (await ask(app, cookie, `${url}?${query}`)).json()
  const page = async (query: string, headers = {}) => {
    const answer = await ask(app, cookie, `${url}?${query}`, { headers: { accept: 'text/html', ...headers } })
    return { status: answer.statusCode, headers: answer.headers, html: parse(answer.payload) }
  }
  return { app, cookie, found, page }
}
