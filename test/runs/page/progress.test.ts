import type { HTMLElement } from 'node-html-parser'
import { expect, test } from 'vitest'
import { json, startAgent } from '../../support/agents/agent.ts'
import { api, ended, execute, page, partial, type TestApp } from '../../support/app.ts'
import { accepted, askedAgain, endedInTime, withAgent, withJob } from '../../support/runs/executed.ts'
import { moveAgents } from '../../support/store/beside.ts'

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
  expect(html.querySelector('#run-status')!.text.trim()).toBe('Queued')
  expect(html.querySelector('.progress')!.text).toContain('Queued: the only slot of this agent is in use.')
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
    ['Accepted', expect.stringMatching(/^\d\d:\d\d:\d\d$/), ''],
    ['Sent to the agent', '+0 ms', `POST ${agent.url.replace('http://', '')}/run`],
    ['Continues in the background', '+0 ms', 'job job-1 · checked 2 times'],
    ['Completed', expect.stringMatching(/^\+[23]\.\ds$/), 'answered 200'],
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
  expect((await timeline(app, runId))[3]![2]).toBe(`POST ${agent.url.replace('http://', '')}/run · attempt 2`)
  expect([...posts(), ...back.requests.filter(({ url }) => url === '/run')]).toHaveLength(1)
})

/** What the page says of a run that did not complete: why, in a sentence, and what to do. */
async function failureOf(app: TestApp, runId: string) {
  const { html } = await page(app, `/runs/${runId}`)
  const alert = html.querySelector('[role="alert"]')!
  const words = (text: string) => text.replace(/\s+/g, ' ').trim()
  return {
    cause: alert.querySelector('h2')!.text,
    facts: alert.querySelectorAll('p').map(({ text }) => text),
    steps: alert.querySelectorAll('.steps li').map(({ text }) => words(text)),
    filled: html.querySelectorAll('.button.primary').map(({ text }) => words(text)),
    firstTab: words(html.querySelector('#run .tabs a')!.text),
    parts: html.querySelector('#run .columns .stack')!.children.map((part) => part.getAttribute('role')),
  }
}

test('an agent that stays away fails the run, which leads to checking the agent first', async () => {
  const { agent, app, clock } = await withAgent()
  await agent.close()
  const runId = await execute(app, 'writer')
  expect((await endedInTime(app, clock, runId)).status).toBe('failed')
  const host = new URL(agent.url).host
  expect(await failureOf(app, runId)).toEqual({
    cause: 'Connection refused',
    facts: [`Nothing listened on ${host}.`],
    steps: [
      `Start the agent on its machine: it was last called at port ${agent.port}.`,
      'Check that it is back. Check Article Writer',
      'Rerun with the same inputs. Nothing was sent, so nothing happens twice.',
    ],
    filled: ['Check Article Writer'],
    firstTab: 'Inputs',
    parts: ['alert', undefined],
  })

  const back = await startAgent({}, agent.port)
  const form = (await page(app, `/runs/${runId}`)).html.querySelector('.steps form')!
  const headers = { accept: 'text/html', host: 'localhost', referer: `http://localhost/runs/${runId}` }
  const checked = await app.inject({ method: 'POST', url: form.getAttribute('action')!, headers })
  expect([checked.statusCode, checked.headers.location]).toEqual([303, `/runs/${runId}`])
  expect(await failureOf(app, runId)).toMatchObject({
    facts: [`Nothing listened on ${host}. Article Writer is up again.`],
    steps: ['Rerun with the same inputs. Nothing was sent, so nothing happens twice.'],
    filled: ['Rerun'],
  })
  await back.close()
})

test.each([
  ['agents.example', "Check the host name in the agent's URL. Edit agent"],
  ['169.254.169.254', 'Give the agent another address. Edit agent'],
])('a run that cannot reach %s says what to do about that', async (host, step) => {
  const { app, clock } = await withAgent()
  await moveAgents(app, host, 80)
  const runId = await execute(app, 'writer')
  await endedInTime(app, clock, runId)
  expect((await failureOf(app, runId)).steps[0]).toBe(step)
})

test('the page says how long ago the agent was heard, in its own word', async () => {
  const { agent, app, clock, runId } = await withJob({ status: json({ status: 'Pondering <b>deeply</b>' }) })
  await askedAgain({ app, clock, runId })
  agent.handlers.status = json({ detail: 'boom' }, 502)
  await askedAgain({ app, clock, runId })
  await clock.advance(500)
  const [title, , note] = (await timeline(app, runId)).at(-1)!
  expect(title).toBe('Running')
  expect(note).toMatch(
    /^checked \d times · reported “Pondering <b>deeply<\/b>” [23]s ago · last check failed: HTTP 502.*; retrying$/,
  )
})

test.each([
  ['lost', json({}, 404), "Check the agent's logs before you rerun: it may have done the work.", ['Rerun']],
  ['failed', json({ status: 'failed', error: 'Out of tokens' }), "Check the agent's logs.", ['Rerun']],
])('a run that is %s says so before anything else, and what to do next', async (status, answer, step, filled) => {
  const { app, clock, runId } = await withJob({ run: accepted(), status: answer })
  expect((await endedInTime(app, clock, runId)).status).toBe(status)
  const failure = await failureOf(app, runId)
  expect(failure).toMatchObject({ parts: ['alert', undefined], filled, firstTab: 'Inputs' })
  expect(failure.steps[0]).toBe(step)
})

test('inputs that the agent refused are named, with the way to correct them', async () => {
  const detail = [{ type: 'missing', loc: ['body', 'topic'], msg: 'Field required', input: {} }]
  const { app } = await withAgent({ run: json({ detail }, 422) })
  const runId = await execute(app, 'writer')
  expect((await ended(app, runId)).errors).toEqual([{ field: 'topic', message: 'Field required' }])
  expect(await failureOf(app, runId)).toMatchObject({
    cause: 'Fix 1 input: topic',
    facts: ['The agent refused the inputs: topic: Field required'],
    steps: ['Correct topic with “Edit and rerun”.'],
    filled: ['Edit and rerun'],
  })
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
  const at = (root: HTMLElement, name: string) =>
    root.querySelectorAll('.error').map((one) => [one.closest('div')?.querySelector(name)?.text, one.text.trim()])
  const asJson = (await page(app, `/runs/${runId}?tab=json`)).html.querySelector('[aria-labelledby="inputs-title"]')!
  expect(at(asJson, '.json-name').map(([, reason]) => reason)).toEqual([
    'Invalid value',
    'role: Required',
    'Too long',
    'Not polite',
  ])
  const rows = html
    .querySelectorAll('.pairs > div')
    .map((row) => [row.querySelector('dt')!.text, row.querySelectorAll('.error').map(({ text }) => text.trim())])
  expect(rows).toEqual([
    ['topic', ['Invalid value']],
    ['messages', ['role: Required', 'Too long', 'Not polite']],
  ])
})
