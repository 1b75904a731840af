import { expect, test } from 'vitest'
import { json, startAgent } from '../../support/agents/agent.ts'
import { api, ended, execute, page, partial, type TestApp } from '../../support/app.ts'
import { accepted, askedAgain, endedInTime, withAgent, withJob } from '../../support/runs/executed.ts'
import { connect } from '../../support/store/store.ts'

async function timeline(app: TestApp, runId: string): Promise<string[][]> {
  const { html } = await partial(app, `/runs/${runId}`)
  return html
    .querySelectorAll('.timeline li')
    .map((step) =>
      ['.timeline-title', '.timeline-after', '.reason'].map((part) => step.querySelector(part)?.text ?? ''),
    )
}

test('more runs than an agent may have wait, and say so', async () => {
  const { agent, app, clock, posts, runId } = await withJob({}, { runsPerAgent: 1 })
  const second = await execute(app, 'writer', { topic: 'second' })
  const { html } = await page(app, `/runs/${second}`)
  expect(html.querySelector('#run-status')!.text).toBe('Queued')
  expect(html.querySelector('.notice.working')!.text).toContain('Queued: the only slot of this agent is in use.')
  expect((await timeline(app, second)).map(([title]) => title)).toEqual(['Accepted', 'Queued'])
  expect(posts()).toHaveLength(1)

  agent.handlers.status = json({ status: 'completed', outputs: {} })
  agent.handlers.run = json({ status: 'success', outputs: {} })
  await endedInTime(app, clock, runId)
  expect((await ended(app, second)).status).toBe('completed')
  expect(posts()).toHaveLength(2)
})

test('the timeline tells each step with its time from the start', async () => {
  const { agent, app, clock, runId } = await withJob()
  await askedAgain({ app, clock, runId })
  agent.handlers.status = json({ status: 'completed', outputs: {} })
  await askedAgain({ app, clock, runId })
  await ended(app, runId)
  const steps = await timeline(app, runId)
  expect(steps).toEqual([
    ['Accepted', '+0 ms', 'Saved before anything was sent'],
    ['Sent to the agent', '+0 ms', `POST ${agent.url}/run`],
    ['Running in the background', '+0 ms', 'job job-1 · checked 2 times'],
    ['Completed', expect.stringMatching(/^\+[23]\.\ds$/), 'The agent answered 200'],
  ])
})

test('a connection that failed before a byte was sent is tried once more, and both attempts are told', async () => {
  const { agent, app, clock, posts } = await withAgent()
  await agent.close()
  const runId = await execute(app, 'writer')
  await expect.poll(async () => (await timeline(app, runId)).at(-1)![0]).toBe('No connection')
  expect((await timeline(app, runId)).at(-1)![2]).toBe('connection refused; tried again')
  const back = await startAgent({}, agent.port)
  expect((await endedInTime(app, clock, runId)).status).toBe('completed')
  expect((await timeline(app, runId)).map(([title]) => title)).toEqual([
    'Accepted',
    'Sent to the agent',
    'No connection',
    'Sent to the agent',
    'Completed',
  ])
  expect((await timeline(app, runId))[3]![2]).toBe(`POST ${agent.url}/run · attempt 2`)
  expect([...posts(), ...back.requests.filter(({ url }) => url === '/run')]).toHaveLength(1)
})

test('an agent that stays away fails the run, which says what to do', async () => {
  const { agent, app, clock } = await withAgent()
  await agent.close()
  const runId = await execute(app, 'writer')
  expect((await endedInTime(app, clock, runId)).status).toBe('failed')
  const { html } = await page(app, `/runs/${runId}`)
  expect(html.querySelectorAll('[role="alert"] p').map((line) => line.text)).toEqual([
    `Cannot connect to agent at ${agent.url}: connection refused. Is it running?`,
    'Nothing was sent. Start the agent, then run it again.',
  ])
})

test.each([
  ['agents.example', 80, "Nothing was sent. Check the host name in the agent's URL."],
  ['169.254.169.254', 80, 'Nothing was sent. Give the agent another address.'],
])('a run that cannot reach %s says what to do about that', async (host, port, advice) => {
  const { app, clock } = await withAgent()
  connect(app.db).prepare('UPDATE agents SET host = ?, port = ?, base_url = NULL').run(host, port)
  const runId = await execute(app, 'writer')
  await endedInTime(app, clock, runId)
  const { html } = await page(app, `/runs/${runId}`)
  expect(html.querySelectorAll('[role="alert"] p').at(-1)!.text).toBe(advice)
})

test('the page says how long ago the agent was heard, in its own word', async () => {
  const { agent, app, clock, runId } = await withJob({ status: json({ status: 'Pondering <b>deeply</b>' }) })
  await askedAgain({ app, clock, runId })
  agent.handlers.status = json({ detail: 'boom' }, 502)
  await askedAgain({ app, clock, runId })
  await clock.advance(500)
  const [title, , note] = (await timeline(app, runId)).at(-1)!
  expect(title).toBe('Working')
  expect(note).toMatch(/^It said “Pondering <b>deeply<\/b>” [23]s ago · Last check failed: HTTP 502.*; retrying$/)
})

test.each([
  ['lost', json({}, 404), 'Look into the log of the agent before you run it again: it may have done the work.'],
  ['failed', json({ status: 'failed', error: 'Out of tokens' }), 'The log of the agent may say more.'],
])('a run that is %s says so before anything else, and what to do next', async (status, answer, advice) => {
  const { app, clock, runId } = await withJob({ run: accepted(), status: answer })
  expect((await endedInTime(app, clock, runId)).status).toBe(status)
  const { html } = await page(app, `/runs/${runId}`)
  const parts = html.querySelector('#run')!.children.map((part) => part.getAttribute('role') ?? part.classNames)
  expect(parts.slice(0, 3)).toEqual(['head head-run', 'alert', 'facts'])
  expect(html.querySelector('[role="alert"]')!.text).toContain(advice)
})

test('inputs that the agent refused are named, with the way to correct them', async () => {
  const detail = [{ type: 'missing', loc: ['body', 'topic'], msg: 'Field required', input: {} }]
  const { app } = await withAgent({ run: json({ detail }, 422) })
  const runId = await execute(app, 'writer')
  expect((await ended(app, runId)).errors).toEqual([{ field: 'topic', message: 'Field required' }])
  const { html } = await page(app, `/runs/${runId}`)
  expect(html.querySelectorAll('[role="alert"] p').map((line) => line.text)).toEqual([
    'The agent refused the inputs: topic: Field required',
    'Correct these inputs with "Edit and run again".',
  ])
  expect((await api(app, 'GET', `/runs/${runId}`)).json.error_message).toContain('topic')
})

test('each reason stands at the input that it is about, with its place', async () => {
  const errors = [
    { msg: 'Too long', path: 'messages[1].content' },
    { msg: 'Not polite', path: 'messages[1].content' },
    { msg: 'Invalid value', path: 'topic' },
    { msg: 'Required', path: 'messages[0].role' },
  ]
  const schema = json({ workflow: 'w', inputs: { topic: 'str', messages: 'list[dict]' } })
  const { app } = await withAgent({ schema, run: json({ errors }, 400) })
  const runId = await execute(app, 'writer', { topic: 'a', messages: [{}, { content: 'b' }] })
  await ended(app, runId)
  const { html } = await page(app, `/runs/${runId}`)
  expect(html.querySelector('[role="alert"] p')!.text).toBe(
    'The agent refused the inputs: messages.1.content: Too long; messages.1.content: Not polite; topic: Invalid value; messages.0.role: Required',
  )
  const inputs = html.querySelector('[aria-labelledby="inputs-title"]')!
  const at = inputs.querySelectorAll('.error').map((one) => {
    const name = one.parentNode!.querySelector('.json-name')?.text
    return [name, one.text]
  })
  expect(at).toEqual([
    ['topic', 'Invalid value'],
    ['0', 'role: Required'],
    ['content', 'Too long'],
    ['content', 'Not polite'],
  ])
})
