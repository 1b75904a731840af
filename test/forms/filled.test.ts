import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, page, partial, register, submit } from '../support/app.ts'
import { fieldOf, openForm, runIdOf, saidIn, sendForm, typed, words } from '../support/forms/execute-form.ts'
import { rawRows } from '../support/store/raw.ts'

const refusal = {
  detail: [
    { type: 'missing', loc: ['body', 'topic'], msg: 'Field required' },
    { type: 'int_parsing', loc: ['body', 'tags', 1], msg: 'Input should be a valid string' },
    { type: 'value_error', loc: ['body'], msg: 'Too expensive' },
    { type: 'value_error', loc: ['body', 'elsewhere', 'x'], msg: 'Unknown place' },
  ],
}

async function withAgent() {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  return { app, agent }
}

const valuesOf = ({ entries }: Awaited<ReturnType<typeof openForm>>) =>
  Object.fromEntries(entries.filter(([name]) => name.startsWith('v:')))

test('the last distinct inputs of the agent fill the form with one click', async () => {
  const { app } = await withAgent()
  for (const topic of ['one', 'two', 'one', 'three', 'four', 'five', 'six']) {
    await ended(app, await execute(app, 'writer', { topic, length: 5, tags: [] }))
  }
  const { html } = await openForm(app)
  const presets = html.querySelectorAll('.preset')
  expect(presets.map((preset) => words(preset.querySelector('span')!))).toEqual(
    ['six', 'five', 'four', 'three', 'one'].map((topic) => `${topic} · length 5 +1`),
  )
  expect(presets[0]!.attributes).toMatchObject({ 'hx-get': presets[0]!.getAttribute('href'), 'hx-target': '#execute' })
  const filled = await page(app, presets[3]!.getAttribute('href')!)
  expect(filled.html.querySelector('textarea[name="v:/topic"]')!.text.trim()).toBe('three')
})

test('inputs that nobody could read again are no presets', async () => {
  const { app } = await withAgent()
  const runId = await execute(app, 'writer')
  await ended(app, runId)
  const set = (table: string) => `UPDATE ${table} SET inputs = '{''topic'': None}'`
  await rawRows(app, set('workflow_runs'), set('run_texts'))
  const form = await openForm(app)
  expect(form.html.querySelectorAll('.preset')).toEqual([])
  const tried = await openForm(app, { from: runId })
  expect(saidIn(tried)).toEqual([
    'The inputs of that run cannot be filled in: they were not recorded as a JSON object.',
  ])
  expect(saidIn(await openForm(app, { from: 'nobody' }))[0]).toContain('is not known any more')
})

test('a link fills the form, on its page and in the dialog that opens by itself', async () => {
  const { app } = await withAgent()
  const inputs = '{"topic": "SQLite & co", "length": 9007199254740993}'
  expect(valuesOf(await openForm(app, { inputs }))).toEqual({
    'v:/topic': 'SQLite & co',
    'v:/length': '9007199254740993',
  })
  const { html } = await page(app, `/orchestrator?${new URLSearchParams({ execute: 'writer', inputs })}`)
  const link = html.querySelector('[data-opens-at-once]')!
  expect(link.attributes).toMatchObject({ 'hx-get': link.getAttribute('href'), 'hx-target': '#dialog-body' })
  expect(valuesOf(await openForm(app, { inputs }))).toEqual(
    Object.fromEntries(
      (await page(app, link.getAttribute('href')!)).html
        .querySelectorAll('[name^="v:"]')
        .map((one) => [one.getAttribute('name'), one.getAttribute('value') ?? one.text.trim()]),
    ),
  )
})

test('a link to an agent that is not there says so', async () => {
  const { app } = await withAgent()
  const { html, status } = await page(app, '/orchestrator?execute=nobody')
  expect(status).toBe(200)
  expect(html.querySelector('.notice.bad')!.text).toBe('There is no agent "nobody" to execute.')
})

test.each(['{"topic": ', '[]', 'topic'])(
  'a link whose inputs are none, %j, shows them with what is wrong',
  async (inputs) => {
    const { app } = await withAgent()
    const form = await openForm(app, { inputs })
    expect(form.html.querySelector('#json')!.text.trim()).toBe(inputs.trim())
    expect(saidIn(form)).toHaveLength(1)
  },
)

test('the form says what has changed in the inputs since the run it is filled from', async () => {
  const { app, agent } = await withAgent()
  const runId = await execute(app, 'writer', { topic: 'a', length: 3 })
  await ended(app, runId)
  expect(saidIn(await openForm(app, { from: runId }))).toEqual([])
  agent.handlers.schema = json({
    workflow: 'w',
    inputs: {
      subject: 'str',
      topic: 'str',
      length: { type: 'str', required: false },
      result: { type: 'str', required: false },
    },
  })
  const form = await openForm(app, { from: runId })
  expect(saidIn(form)).toEqual([
    "The agent's inputs have changed since that run. New: subjectGone: tagsOf another type: length (int → str)",
  ])
  expect(fieldOf(form, 'length').querySelector('textarea.code')!.text.trim()).toBe('3')
})

test('what the agent itself refuses stands at its fields, with the failed run beside it, and a new token', async () => {
  const { app, agent } = await withAgent()
  agent.handlers.run = json(refusal, 422)
  const form = await openForm(app, { inputs: '{"topic": "a", "tags": ["x", "y"]}' })
  const answer = await sendForm(app, form.entries)
  expect(answer.status).toBe(422)
  expect(saidIn(answer)).toEqual([
    'The agent refused these inputs. See the failed run Too expensiveelsewhere.x: Unknown place',
    'topic: Field required',
    'tags: Item 2: Input should be a valid string',
  ])
  expect(valuesOf(answer)).toMatchObject({ 'v:/topic': 'a', 'v:/tags': 'y' })
  expect(answer.html.querySelector('[autofocus]')!.getAttribute('name')).toBe('v:/topic')
  const failed = answer.html.querySelector('.notice a')!.getAttribute('href')!
  expect((await api(app, 'GET', failed)).json.status).toBe('failed')

  agent.handlers.run = json({ status: 'success', outputs: {} })
  const again = await sendForm(app, answer.entries)
  expect(runIdOf(again)).not.toBe(failed.slice('/runs/'.length))
  expect(await ended(app, runIdOf(again))).toMatchObject({ status: 'completed' })
})

test('what the agent refused of a run stands at the fields of the form that is filled from it', async () => {
  const { app, agent } = await withAgent()
  agent.handlers.run = json(refusal, 422)
  const runId = await execute(app, 'writer', { topic: 'a' })
  await ended(app, runId)
  const form = await openForm(app, { from: runId })
  expect(saidIn(form)).toContain('topic: Field required')
  expect(form.html.querySelector('.notice a')!.getAttribute('href')).toBe(`/runs/${runId}`)
})

test('any other failure of the agent leads to its run', async () => {
  const { app, agent } = await withAgent()
  agent.handlers.run = json({ detail: 'Workflow execution failed: boom' }, 500)
  const form = await openForm(app)
  const answer = await sendForm(app, typed(form.entries, { 'v:/topic': 'a' }))
  expect(await ended(app, runIdOf(answer))).toMatchObject({ status: 'failed' })
})

test('an agent that takes its time is not waited for', async () => {
  const { app, agent } = await withAgent()
  agent.handlers.run = () => undefined
  const form = await openForm(app)
  const answer = await sendForm(app, typed(form.entries, { 'v:/topic': 'a' }))
  expect((await api(app, 'GET', `/runs/${runIdOf(answer)}`)).json.status).toBe('running')
  await agent.close()
})

test('a form whose agent has changed meanwhile is shown anew before anything is sent', async () => {
  const { app, agent } = await withAgent()
  const form = await openForm(app)
  agent.handlers.schema = json({ workflow: 'w', inputs: { topic: 'str', depth: { type: 'int', required: false } } })
  await openForm(app)
  const filled = typed(form.entries, { 'v:/topic': 'a', 'v:/length': '3' })
  const answer = await sendForm(app, filled)
  expect(answer.status).toBe(422)
  expect(saidIn(answer)).toEqual([
    "The agent's inputs have changed since this form was opened. It no longer takes length. Check them, then execute again.",
  ])
  expect(agent.requests.filter(({ url }) => url === '/run')).toEqual([])
  await ended(app, runIdOf(await sendForm(app, answer.entries)))
  expect(agent.requests.findLast(({ url }) => url === '/run')!.body).toBe('{"topic":"a"}')
})

test('without JavaScript the same buttons work on the page of the form', async () => {
  const { app } = await withAgent()
  const url = '/orchestrator/writer/execute'
  const { html } = await page(app, url)
  const press = html.querySelectorAll('button[name="op"]').map((one) => one.getAttribute('value'))
  expect(press).toEqual(['view:form', 'view:json', 'set:/length', 'set:/tags', 'set:/result'])
  const set = await submit(app, url, { 'v:/topic': 'a', op: 'set:/length' })
  expect(set.status).toBe(200)
  expect(set.html.querySelector('title')!.text).toContain('Execute Article Writer')
  expect(set.html.querySelector('input[name="v:/length"]')!.getAttribute('value')).toBe('500')
  expect((await partial(app, url)).html.querySelector('#execute')).toBeTruthy()
})

test('all that the agent says of one field stands there, each reason with its place', async () => {
  const { app, agent } = await withAgent()
  agent.handlers.schema = json({ workflow: 'w', inputs: { topic: 'str', messages: 'list[dict]' } })
  agent.handlers.run = json(
    {
      statusCode: 400,
      error: 'Bad Request',
      message: ['messages.1.content must be a string', 'messages.1.role should not be empty', 'topic is too long'],
    },
    400,
  )
  const form = await openForm(app, { inputs: '{"topic": "a", "messages": [{}, {}]}' })
  const answer = await sendForm(app, form.entries)
  expect(answer.status).toBe(422)
  expect(saidIn(answer).slice(1)).toEqual([
    'topic: is too long',
    'messages: messages.1.content: must be a string; messages.1.role: should not be empty',
  ])
})
