import { expect, test } from 'vitest'
import { json, startAgent, text } from '../support/agents/agent.ts'
import { api, buildTestApp, expectProblem, page, partial, register, submitPartial } from '../support/app.ts'
import { controlName } from '../support/forms/form.ts'

const url = '/orchestrator/writer/execute'

const everyType = {
  workflow: 'everything',
  inputs: {
    words: { type: 'str', required: true, default: null, description: 'Some words' },
    count: { type: 'int', required: true },
    ratio: { type: 'float', required: false, default: 0.5 },
    needed: { type: 'bool', required: true },
    wanted: { type: 'bool', required: false, default: true },
    list: { type: 'list[ str ]', required: true, default: null },
    object: { type: 'dict[str, list[int]]', required: false, default: {} },
    unheard: { type: 'Whatever', required: false },
    schema: { type: { type: 'array', items: { type: 'string' } }, required: false },
    plain: 'str',
  },
}

test('has one control for each input, by its type, as partial and as page', async () => {
  const agent = await startAgent({ schema: json(everyType) })
  const app = await buildTestApp()
  await register(app, agent.url)
  for (const { html, status } of [await partial(app, url), await page(app, url)]) {
    expect(status).toBe(200)
    const form = html.querySelector('form#execute')!
    expect(form.attributes).toMatchObject({ action: url, method: 'post', 'hx-post': url })
    const controls = form.querySelectorAll('textarea, input:not([type="hidden"])').map((control) => {
      const { name, type = '', inputmode = '', class: style = '' } = control.attributes
      return [name, control.tagName, type, inputmode, style].join(' ').trim()
    })
    expect(controls).toEqual([
      'v:/words TEXTAREA   input',
      'v:/count INPUT text numeric input',
      'v:/needed INPUT radio',
      'v:/needed INPUT radio',
      'v:/wanted INPUT radio',
      'v:/wanted INPUT radio',
      'v:/wanted INPUT radio',
      'v:/list TEXTAREA',
      'v:/plain TEXTAREA   input',
    ])
    const unsent = form.querySelectorAll('.unset > span:first-child').map((sentence) => sentence.text)
    expect(unsent.map((sentence) => sentence.split(' ·')[0])).toEqual(Array(4).fill('Not sent'))
  }
})

test.each([
  ['ratio', 'v:/ratio', 'INPUT text decimal input'],
  ['object', 'op"][value="add:/object', 'BUTTON submit  button small add'],
  ['unheard', 'k:/unheard/:4/0', 'INPUT text  input code'],
  ['schema', 'v:/schema', 'TEXTAREA'],
])('the optional input %s gets its control once it is set', async (name, at, control) => {
  const agent = await startAgent({ schema: json(everyType) })
  const app = await buildTestApp()
  await register(app, agent.url)
  const shown = await partial(app, url)
  const set = shown.html.querySelector(`button[aria-label="Set ${name}"]`)!
  const { html, status } = await submitPartial(app, url, { op: set.getAttribute('value')! })
  expect(status).toBe(200)
  const found = html.querySelector(`[id^="input-"][name="${at}"]`)!
  const { type = '', inputmode = '', class: style = '' } = found.attributes
  expect([found.tagName, type, inputmode, style].join(' ').trim()).toBe(control)
})

test('names the workflow, and each input with its type, whether it is required, its default and its description', async () => {
  const agent = await startAgent({ schema: json(everyType) })
  const app = await buildTestApp()
  await register(app, agent.url)
  const { html } = await partial(app, url)
  expect(html.querySelector('.dialog-note')!.text).toBe('Workflow everything · 10 inputs')
  const labels = html.querySelectorAll('.label').map((head) => {
    for (const button of head.querySelectorAll('.field-ops')) button.remove()
    return head.text.trim().replace(/\s+/g, ' ')
  })
  expect(labels).toEqual([
    'words required str',
    'count required int',
    'ratio float',
    'needed required bool',
    'wanted bool',
    'list required list[ str ]',
    'object dict[str, list[int]]',
    'unheard Whatever',
    'schema array of string',
    'plain required str',
  ])
  expect(html.querySelectorAll('.hint:not(.only-js)').map((hint) => hint.text.replace(/\s+/g, ' ').trim())).toEqual([
    'Some words',
    'default true',
  ])
  expect(html.querySelectorAll('.unset code').map((one) => one.text)).toEqual(['0.5', '{}'])
  for (const label of html.querySelectorAll('label[for]'))
    expect(html.querySelector(`#${label.getAttribute('for')}`)).toBeTruthy()
  const required = html.querySelectorAll('[aria-required="true"]').map((control) => control.getAttribute('name'))
  expect(required).toEqual(['words', 'count', 'plain'].map(controlName))
})

test('starts empty: a default is shown, and not sent', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const { html } = await partial(app, url)
  for (const area of html.querySelectorAll('textarea')) expect(area.text.trim()).toBe('')
  expect(html.querySelectorAll('input[type="text"]')).toEqual([])
  expect(html.querySelectorAll('.unset code').map((one) => one.text)).toEqual(['500', '""'])
  expect(html.querySelectorAll('[autofocus]').map((control) => control.getAttribute('name'))).toEqual([
    controlName('topic'),
  ])
})

test('says why there is no form when the agent is gone, and offers to try again', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  await agent.close()
  for (const { html, status } of [await partial(app, url), await page(app, url)]) {
    expect(status).toBe(503)
    const form = html.querySelector('#execute')!
    expect(form.querySelector('[role="alert"]')!.text).toBe(
      `Cannot read the schema of the agent at ${agent.url}: connection refused.`,
    )
    expect(form.querySelector('a.primary')!.attributes).toMatchObject({
      href: url,
      'hx-get': url,
      'hx-target': '#execute',
    })
    expect(form.querySelectorAll('button[type="submit"]')).toEqual([])
    expect(form.text).toContain('Start the agent, then try again.')
  }
  expectProblem(await api(app, 'GET', url), 503)
})

test('does not say to start an agent that answers', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  agent.handlers.schema = json({ detail: 'Not Found' }, 404)
  const { html } = await partial(app, url)
  expect(html.querySelector('#execute [role="alert"]')!.text).toContain('HTTP 404')
  expect(html.text).not.toContain('Start the agent')
})

test('a schema without inputs makes a form without fields', async () => {
  const agent = await startAgent({ schema: json({ inputs: {} }) })
  const app = await buildTestApp()
  await register(app, agent.url)
  const { html } = await partial(app, url)
  expect(html.querySelector('.dialog-note')!.text).toBe('0 inputs')
  expect(html.querySelectorAll('.field')).toEqual([])
  expect(html.querySelectorAll('button.primary[type="submit"]')).toHaveLength(1)
})

test('prints whatever a hostile schema says as text', async () => {
  const hostile = `"><img src=x onerror=alert(1)>'`
  const input = { type: hostile, required: false, default: hostile, description: hostile }
  const schema = {
    workflow: hostile,
    inputs: { [hostile]: input, ok: { ...input, type: 'bool' }, n: { ...input, type: 'int' } },
  }
  const agent = await startAgent({ schema: json(schema) })
  const app = await buildTestApp()
  await register(app, agent.url)
  const { html } = await partial(app, url)
  expect(html.querySelectorAll('img, [onerror]')).toEqual([])
  expect(html.querySelector('.dialog-note')!.text).toContain(hostile)
  expect(html.querySelector('.label .name')!.text).toBe(hostile)
  expect(html.querySelector('.label .type')!.text).toBe(hostile)
})

test('takes inputs with the names of objects in JavaScript for what they are', async () => {
  const schema = '{"inputs": {"__proto__": {"type": "str"}, "constructor": {"type": "str"}, "": {"type": "str"}}}'
  const agent = await startAgent({ schema: text(schema, 200, 'application/json') })
  const app = await buildTestApp()
  await register(app, agent.url)
  const { html } = await partial(app, url)
  const names = html.querySelectorAll('textarea').map((control) => control.getAttribute('name'))
  expect(names).toEqual(['__proto__', 'constructor', ''].map(controlName))
})

test('answers 404 for an agent that is not registered', async () => {
  const app = await buildTestApp()
  expectProblem(await api(app, 'GET', '/orchestrator/nobody/execute'), 404)
  expect((await page(app, '/orchestrator/nobody/execute')).status).toBe(404)
  expect((await partial(app, '/orchestrator/nobody/execute')).headers['hx-reswap']).toBe('none')
})

test('tells a script what the form is made of', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const { json: answer } = await api(app, 'GET', url)
  expect(answer).toMatchObject({ agent_name: 'Article Writer', workflow: 'article_writer' })
  expect(answer.inputs.map(({ name }: { name: string }) => name)).toEqual(['topic', 'length', 'tags', 'result'])
})
