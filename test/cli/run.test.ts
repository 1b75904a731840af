import { expect, test } from 'vitest'
import { json, silence, startAgent, text } from '../support/agents/agent.ts'
import { cli } from '../support/cli.ts'
import { openDashboard } from '../support/dashboard.ts'

type Agent = Awaited<ReturnType<typeof startAgent>>

async function withAgent(handlers: Parameters<typeof startAgent>[0] = {}) {
  const { url } = await openDashboard()
  const agent = await startAgent(handlers)
  await cli(['agents', 'register', agent.url, '--id', 'writer', '--name', 'Writer', '--url', url])
  const run = (args: string[], options?: Parameters<typeof cli>[1]) =>
    cli(['run', 'writer', ...args, '--url', url], options)
  return { url, agent, run }
}

const sent = ({ requests }: Agent) => requests.filter(({ url }) => url === '/run').map(({ body }) => body)

test('the inputs of an agent are options, converted by their types', async () => {
  const { agent, run } = await withAgent()
  const { code, out, err } = await run([
    '--topic',
    '5',
    '--length',
    '9007199254740993',
    '--tags',
    'true',
    '--tags',
    'a',
    '--wait',
  ])
  expect({ code, out }).toEqual({ code: 0, out: 'An article\n' })
  expect(err).toMatch(/^completed in .+ · [\da-f-]{36}\n$/)
  expect(sent(agent)).toEqual(['{"topic":"5","length":9007199254740993,"tags":["true","a"]}'])
})

test('each type of input takes what its form takes', async () => {
  const inputs = {
    flag: { type: 'bool', required: true },
    ratio: { type: 'float', required: true },
    kind: { type: "Literal['a', 'b', 3]", required: true },
    max_words: { type: 'int', required: true },
    options: { type: 'dict[str, int]', required: true },
    rows: { type: 'list[dict]', required: true },
    any: { type: 'object', required: false },
    note: { type: 'Optional[str]', required: false },
  }
  const { agent, run } = await withAgent({ schema: json({ workflow: 'w', inputs }) })
  const simple = ['--flag', '--ratio', '-1.50', '--kind', '3', '--max_words', '7', '--note', 'null']
  const composite = [
    '--options',
    '{"a": 10000000000000000001}',
    '--rows',
    '{"a":1}',
    '--rows',
    '{}',
    '--input',
    'any={"x":"y=z"}',
  ]
  expect(await run([...simple, ...composite, '--wait'])).toMatchObject({ code: 0 })
  expect(sent(agent)).toEqual([
    '{"flag":true,"ratio":-1.50,"kind":3,"max_words":7,"note":"null","options":{"a": 10000000000000000001},"rows":[{"a":1},{}],"any":{"x":"y=z"}}',
  ])
})

test('what is missing or wrong is said for each input, and no run begins', async () => {
  const { agent, run } = await withAgent()
  expect(await run(['--length', 'long', '--wait'])).toEqual({
    code: 2,
    out: '',
    err: 'topic is required.\nlength: Enter a whole number.\nTo see its inputs: configurable-agents run writer --help\n',
  })
  expect(sent(agent)).toEqual([])
})

test.each([
  [['--topc', 'x'], "unknown option '--topc'\n(Did you mean --topic?)"],
  [['--input', 'topc=x'], 'There is no input “topc”. There are topic, length, tags, result.'],
  [['--input', 'topic'], '--input: write name=value, not “topic”.'],
  [['--topic', '--wait'], '--topic needs a value. If “--wait” is meant, write --topic=--wait'],
  [['--topic', 'a', '--topic', 'b'], 'The input “topic” is given twice.'],
  [['AI'], 'too many arguments'],
  [['--json', '-', '--topic', 'a'], 'Give the inputs either as JSON or one by one, not both.'],
  [['--json', '/nowhere.json'], 'Cannot read the inputs: ENOENT'],
])('%j is refused before a run begins', async (args, sentence) => {
  const { agent, run } = await withAgent()
  const { code, out, err } = await run(args, { input: '{}' })
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(sentence)
  expect(sent(agent)).toEqual([])
})

test('--json takes the inputs themselves too', async () => {
  const { agent, run } = await withAgent()
  expect(await run(['--json', ' {"topic": "a"}', '--wait'])).toMatchObject({ code: 0, out: 'An article\n' })
  expect(sent(agent)).toEqual(['{"topic": "a"}'])
  const wrong = await run(['--json', '{topic: a}', '--wait'])
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('not JSON') })
})

test('--json reads the inputs from standard input and, alone, prints the answer of the API', async () => {
  const { agent, run } = await withAgent()
  const input = '{"topic": "a", "length": 12345678901234567890}'
  const waited = await run(['--json', '-', '--json', '--wait'], { input })
  expect(waited.code).toBe(0)
  expect(waited.out).toContain(`"inputs":${input}`)
  expect(sent(agent)).toEqual([input])
  expect(await run(['--json', '-'], { input: '{"topic": ' })).toMatchObject({
    code: 2,
    err: expect.stringContaining('not JSON'),
  })
  expect(await run(['--json', '-'], { input: '[1]' })).toMatchObject({
    code: 2,
    err: expect.stringContaining('"inputs" must be an object.'),
  })
})

test('without --wait the ID of the run is printed at once', async () => {
  const { url, run } = await withAgent({ run: silence })
  const { code, out, err } = await run(['--topic', 'a'])
  expect(code).toBe(0)
  expect(out).toMatch(/^[\da-f-]{36}\n$/)
  expect(err).toBe(`Started. See ${url}/runs/${out}`)
  const shown = async () => (await cli(['runs', 'show', out.trim(), '--url', url])).out
  await expect.poll(shown).toMatch(/^Status +running$/m)
  expect(await cli(['runs', 'cancel', out.trim(), '--url', url])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^The run is cancelled\. .+\n$/),
  })
})

test('several outputs are printed under their names, and no terminal obeys them, be it behind a pipe', async () => {
  const outputs = '{"title":"A \\u001b[1mtitle\\r\\n\\u200fa","score":1.50,"tags":["\u009b1m"]}'
  const { run } = await withAgent({ run: text(`{"status":"success","outputs":${outputs}}`, 200, 'application/json') })
  const piped = await run(['--topic', 'a', '--wait'])
  expect(piped.out).toBe('title:\nA ␛[1mtitle\r\n\u200fa\n\nscore:\n1.50\n\ntags:\n["\\u009b1m"]\n\n')
  const shown = await run(['--topic', 'a', '--wait'], { columns: 80 })
  expect(shown.out).toContain('title:\nA ␛[1mtitle\n')
  expect((await run(['--topic', 'a', '--wait', '--json'])).out).toContain(`"outputs":${outputs}`)
})

test('no terminal obeys the reason for which an agent is refused', async () => {
  const { url } = await openDashboard()
  const agent = await startAgent({ health: json({ status: 'unhealthy', message: 'No \u001b[2Jdisk' }, 503) })
  const { code, err } = await cli(['agents', 'register', agent.url, '--id', 'a', '--name', 'A', '--url', url])
  expect(code).toBe(1)
  expect(err).toContain('No ␛[2Jdisk')
})

test('a failed run ends with 1 and says why', async () => {
  const { run } = await withAgent({ run: json({ detail: 'Workflow execution failed: \u001b[2Jquota' }, 500) })
  const { code, out, err } = await run(['--topic', 'a', '--wait'])
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(
    /^The agent answered 500 Internal Server Error: Workflow execution failed: ␛\[2Jquota\nfailed in .+\n$/,
  )
})

test('the help of an agent lists its inputs, with nothing in it that a terminal obeys', async () => {
  const inputs = {
    topic: { type: 'str', required: true, description: 'What\u001b[31m\nto write' },
    url: { type: 'str', required: true, description: 'A page' },
    verbose: { type: 'bool', required: false, default: true },
  }
  const { run } = await withAgent({ schema: json({ workflow: 'w', inputs, outputs: [] }) })
  const { code, out } = await run(['--help'])
  expect(code).toBe(0)
  expect(out).toMatch(/^ {2}--topic <text> +What␛\[31m to write \(str; required\)$/m)
  expect(out).toMatch(/^ {2}--verbose \[true\|false\] +\(bool; optional; default: true\)$/m)
  expect(out).toMatch(/^ {2}--input url=… {2}A page \(str; required\)$/m)
  expect(out).toMatch(/^ {2}configurable-agents run writer --topic "…" --input 'url=…' --wait$/m)
})

test('an agent that is down keeps its last schema, and its run fails', async () => {
  const { url, agent, run } = await withAgent()
  await run(['--help'])
  await agent.close()
  const { code, err } = await run(['--topic', 'a', '--wait'])
  expect(code).toBe(1)
  expect(err).toContain('connection refused')
  expect(await cli(['run', 'nobody', '--x', '1', '--url', url])).toMatchObject({
    code: 2,
    err: 'There is no agent "nobody".\n',
  })
})
