import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { startAgent } from '../support/agents/agent.ts'
import { url } from '../support/audit/trail.ts'

const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':')

const edits = [
  ['agent_name, description', 'name, description', { agent_name: 'Poet', description: 'Of bob-s3cret' }],
  ['', 'nothing', { agent_name: 'Poet' }],
  ['credential', 'credential', { credential: { type: 'bearer', token: 'tok-s3cret' } }],
  ['credential', 'credential', { credential: { type: 'bearer', token: 'tok-s3cret-2' } }],
  ['credential', 'credential', { credential: null }],
  ['', 'nothing', { credential: null, ca: '', fingerprint: '' }],
  ['check_interval_seconds, check_timeout_seconds', 'check interval, check timeout', { interval: 90, timeout: 5 }],
  ['fingerprint, health_path', 'certificate fingerprint, health path', { fingerprint, health_path: '/s3cret' }],
  ['fingerprint', 'certificate fingerprint', { fingerprint: null }],
] as const

test('an edit of an agent is recorded with the fields that it changed, never with values', async () => {
  const app = await buildAppWithUsers({ ann: 'admin' })
  const cookie = await cookieFor(app, 'ann')
  const { url: agentUrl } = await startAgent()
  const post = (path: string, body: object) =>
    ask(app, cookie, path, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, payload: JSON.stringify(body) },
    })
  await post('/orchestrator/register', { agent_id: 'writer', agent_name: 'Writer', agent_url: agentUrl })
  for (const [, , { interval, timeout, ...body }] of edits as unknown as [string, string, Record<string, unknown>][]) {
    const checks = interval ? { check_interval_seconds: interval, check_timeout_seconds: timeout } : {}
    const answer = await post('/orchestrator/writer/edit', { ...body, ...checks, anyway: true })
    expect(answer.statusCode, answer.payload).toBe(200)
  }
  await post('/orchestrator/writer/edit', { agent_url: `${agentUrl}/s3cret`, anyway: true })
  await post('/orchestrator/writer/pause', {})

  const only = (query: string, headers = {}) => ask(app, cookie, `${url}${query}`, { headers })
  const { entries } = (await only('?action=agent.edit')).json()
  const expected = [...edits.map(([fields]) => fields), 'agent_url']
  expect(entries.map(({ details }: { details: unknown }) => details).reverse()).toEqual(
    expected.map((fields) => ({ fields })),
  )
  expect((await only('?action=agent.pause')).json().entries[0].details).toBeNull()

  const page = (await only('?action=agent.edit', { accept: 'text/html' })).payload
  const told = parse(page)
    .querySelectorAll('.audit-rows tbody tr')
    .map((row) => row.querySelectorAll('td')[3]!.textContent.replace(/\s+/g, ' ').trim())
  expect(told.reverse()).toEqual(
    [...edits.map(([, words]) => words), 'URL'].map((words) =>
      expect.stringMatching(new RegExp(`\\b${words} changed$`)),
    ),
  )

  const exported = await Promise.all(
    ['csv', 'ndjson'].map(async (format) => (await only(`/export?format=${format}&action=agent.edit`)).payload),
  )
  for (const text of exported) expect(text).toContain('agent_name, description')
  expect([page, JSON.stringify(entries), ...exported].join()).not.toContain('s3cret')
})
