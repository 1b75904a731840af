import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, page, register, submit, submitPartial, type TestApp } from '../support/app.ts'
import { controlName, filledIn } from '../support/forms/form.ts'
import { storeOf } from '../support/store/database.ts'

const url = '/orchestrator/writer/execute'

const inputs = {
  words: { type: 'str', required: false },
  count: { type: 'int', required: false },
  ratio: { type: 'float', required: false },
  wanted: { type: 'bool', required: false },
  list: { type: 'list[list[str]]', required: false },
  object: { type: 'dict', required: false },
  anything: { type: 'Whatever', required: false },
  needed: { type: 'str', required: true },
}

async function withAgent() {
  const agent = await startAgent({ schema: json({ workflow: 'everything', inputs }) })
  const app = await buildTestApp()
  await register(app, agent.url)
  return { agent, app, sent: () => agent.requests.filter((one) => one.url === '/run').map(({ body }) => body) }
}

/** Fills in the form and resolves to what the agent was sent. */
async function fillIn(fields: Record<string, string>): Promise<string> {
  const { app, sent } = await withAgent()
  const answer = await submit(app, url, filledIn({ needed: 'x', ...fields }))
  expect(answer.status).toBe(303)
  const runId = String(answer.headers.location).slice('/runs/'.length)
  await ended(app, runId)
  const [body] = sent()
  expect((await storeOf(app).runs.get(runId))!.inputs).toBe(body)
  return body!
}

test('a form sends real JSON types, in the order of the schema', async () => {
  const body = await fillIn({
    needed: 'yes',
    words: 'two words',
    count: '42',
    ratio: '0.25',
    wanted: 'false',
    list: '[["a", "b"]]',
    object: '{"k": {"n": 1.0}}',
    anything: 'null',
  })
  expect(body).toBe(
    '{"words":"two words","count":42,"ratio":0.25,"wanted":false,"list":[["a", "b"]],"object":{"k": {"n": 1.0}},"anything":null,"needed":"yes"}',
  )
})

test('an optional input that was left alone is not sent, nor is one for which nothing was chosen', async () => {
  expect(await fillIn({ wanted: '' })).toBe('{"needed":"x"}')
})

test.each([
  ['a number beyond 2^53', { count: '12345678901234567890' }, '{"count":12345678901234567890,"needed":"x"}'],
  ['a number with a zero at its end', { ratio: '1.0' }, '{"ratio":1.0,"needed":"x"}'],
  ['a number with an exponent', { ratio: '-1E-7' }, '{"ratio":-1E-7,"needed":"x"}'],
  ['digits in a text', { words: '007' }, '{"words":"007","needed":"x"}'],
  ['spaces around a text', { words: '  a  ' }, '{"words":"  a  ","needed":"x"}'],
  ['text of any script', { words: '作家 🖋️ é ß \u2028' }, '{"words":"作家 🖋️ é ß \u2028","needed":"x"}'],
  ['line breaks', { words: 'a\r\nb\nc' }, '{"words":"a\\nb\\nc","needed":"x"}'],
  ['what looks like markup', { words: '<b>"\\</b>' }, '{"words":"<b>\\"\\\\</b>","needed":"x"}'],
  [
    'JSON with long digits',
    { anything: '[12345678901234567890, 1.0]' },
    '{"anything":[12345678901234567890, 1.0],"needed":"x"}',
  ],
])('a form passes on %s unharmed', async (_, fields, body) => {
  expect(await fillIn(fields)).toBe(body)
})

test.each([
  '{"needed": "x", "count": 12345678901234567890, "ratio": 1.0}',
  '{ "needed":"x" ,\n "words" : "\\u00e9 é 🖋️"\t}',
  '{"needed":"x","unknown":{"deep":[1e400,{"a":-0}]}}',
  '{"needed":"x","object":{"a":1,"a":2},"anything":null}',
])('JSON reaches the agent and the database byte for byte: %s', async (text) => {
  const { app, sent } = await withAgent()
  const answer = await api(app, 'POST', url, `{"inputs": ${text}}`)
  expect(answer.status, answer.text).toBe(200)
  await ended(app, answer.json.run_id)
  expect(sent()).toEqual([text])
  expect((await storeOf(app).runs.get(answer.json.run_id))!.inputs).toBe(text)
  const run = await api(app, 'GET', `/runs/${answer.json.run_id}`)
  expect(run.text).toContain(`"inputs":${text}`)
})

const nothingHappened = async (app: TestApp, sent: () => string[]) => {
  expect(sent()).toEqual([])
  expect((await api(app, 'GET', '/runs')).json.total).toBe(0)
}

test('wrong input is told at its field, all at once; what was typed stays; nothing is recorded or sent', async () => {
  const { app, sent } = await withAgent()
  const typed = filledIn({
    words: '"><img src=x onerror=alert(1)>',
    count: '1.5',
    ratio: 'half',
    wanted: 'perhaps',
    list: '{"a": 1}',
    object: '{"a": ',
    anything: "{'a': None}",
    needed: '',
  })
  for (const { status, html } of [await submitPartial(app, url, typed), await submit(app, url, typed)]) {
    expect(status).toBe(422)
    const errors = html
      .querySelectorAll('.field')
      .map((field) => field.querySelector('.error span')?.childNodes[0]?.text.trim())
    expect(errors).toEqual([
      undefined,
      'Enter a whole number.',
      'Enter a number.',
      'Choose true or false.',
      'Enter a JSON list, such as ["a", "b"].',
      'This is not valid JSON: it ends too early, at line 1, column 6.',
      `This is not valid JSON: unexpected "'" at line 1, column 2.`,
      'This input is required.',
    ])
    for (const [name, value] of Object.entries(typed)) {
      const control =
        html.querySelector(`textarea[name="${name}"]`) ?? html.querySelector(`input[type="text"][name="${name}"]`)
      if (control) expect(control.getAttribute('value') ?? control.text.replace(/^\n/, '')).toBe(value)
    }
    expect(html.querySelectorAll('img[src="x"]')).toEqual([])
    expect(html.querySelectorAll('#execute [autofocus]').map((control) => control.getAttribute('name'))).toEqual([
      controlName('count'),
    ])
    const wrong = html.querySelectorAll('[aria-invalid="true"]')
    for (const control of wrong) {
      const described = control.getAttribute('aria-describedby')!.split(' ')
      expect(described.map((id) => html.querySelector(`#${id}`)?.classNames)).toContain('error')
    }
  }
  await nothingHappened(app, sent)
})

test('what was typed stays with its line breaks, also the first', async () => {
  const { app } = await withAgent()
  const { html } = await submitPartial(app, url, filledIn({ words: '\n\n a\nb', needed: '' }))
  // HTML drops the first line break of a textarea.
  expect(html.querySelector('textarea[name="v:/words"]')!.text).toBe('\n\n\n a\nb')
})

test('fields that are no input of the agent are not sent', async () => {
  expect(await fillIn({ other: 'x', agent_id: 'y', 'needed.more': 'z' })).toBe('{"needed":"x"}')
})

test('of a field that stands twice the last one counts', async () => {
  const { app, sent } = await withAgent()
  const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }
  const response = await app.inject({
    method: 'POST',
    url,
    headers,
    payload: `${new URLSearchParams(filledIn({ needed: 'a' }))}&${new URLSearchParams(filledIn({ needed: 'b' }))}`,
  })
  await ended(app, String(response.headers.location).slice('/runs/'.length))
  expect(sent()).toEqual(['{"needed":"b"}'])
})

test('an input is read back from the page of its run as it was typed', async () => {
  const { app } = await withAgent()
  const { json: answer } = await api(app, 'POST', url, '{"inputs": {"needed": "x", "count": 12345678901234567890}}')
  await ended(app, answer.run_id)
  const { html } = await page(app, `${answer.redirect_url}?tab=json`)
  expect(html.querySelector('#inputs-text')!.text).toBe('{\n  "needed": "x",\n  "count": 12345678901234567890\n}')
})
