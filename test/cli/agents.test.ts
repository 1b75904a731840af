import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { startGuardedAgent } from '../support/agents/guarded.ts'
import { cli, type Printed } from '../support/cli.ts'
import { openDashboard } from '../support/dashboard.ts'
import { temporaryFile } from '../support/temporary.ts'

async function withAgents() {
  const { url } = await openDashboard()
  const agents = (...args: string[]): Promise<Printed> => cli(['agents', ...args, '--url', url])
  return { url, agents }
}

test('an agent is registered by its URL alone, listed, shown, checked and removed', async () => {
  const { agents } = await withAgents()
  const agent = await startAgent()
  const registered = await agents('register', agent.url)
  expect(registered).toMatchObject({ code: 0, err: '' })
  const [, id] = /ID: (\S+), URL: http/.exec(registered.out)!
  expect(await agents('check', id!)).toMatchObject({ code: 0, out: expect.stringMatching(/^AGENT +STATUS +LATENCY\n/) })
  const list = await agents('list')
  expect(list.out).toMatch(new RegExp(`^AGENT +NAME +STATUS .*\n${id} +.* healthy .* ${agent.url}\n$`))
  const shown = await agents('show', id!)
  expect(shown.out).toMatch(new RegExp(`^Agent +${id}\nName +.+\n`))
  expect(shown.out).toMatch(/^Status +healthy$/m)
  expect(await agents('remove', id!)).toEqual({
    code: 0,
    out: expect.stringMatching(/^Removed .+\. Its 0 runs stay\.\n$/),
    err: '',
  })
  expect(await agents('list')).toEqual({
    code: 0,
    out: '',
    err: 'There are no agents. Register one: configurable-agents agents register URL\n',
  })
})

test('an agent that does not answer is not registered, unless anyway', async () => {
  const { agents } = await withAgents()
  const refused = await agents('register', 'http://127.0.0.1:9', '--id', 'x', '--name', 'X')
  expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('connection refused') })
  const guessed = await agents('register', 'http://127.0.0.1:9')
  expect(guessed).toMatchObject({ code: 1, out: '', err: expect.stringContaining('nothing listens on 127.0.0.1:9') })
  expect(await agents('register', 'http://127.0.0.1:9', '--id', 'x', '--name', 'X', '--anyway')).toMatchObject({
    code: 0,
  })
  const check = await agents('check')
  expect(check).toMatchObject({ code: 1, out: expect.stringMatching(/^x .* connection refused$/m) })
})

test('what is wrong is said for each field, in the words of the dashboard', async () => {
  const { agents } = await withAgents()
  const agent = await startAgent()
  expect(await agents('register', agent.url, '--id', 'a/b', '--name', ' ')).toEqual({
    code: 2,
    out: '',
    err: 'agent_name: Agent name is required.\nagent_id: Agent ID may not contain "/".\n',
  })
  expect(await agents('show', 'nobody')).toEqual({ code: 2, out: '', err: 'There is no agent "nobody".\n' })
})

test('--json prints what the API answers, to the digit', async () => {
  const { url, agents } = await withAgents()
  const schema = '{"workflow":"w","inputs":{"n":{"type":"int","required":false,"default":9007199254740993}}}'
  const agent = await startAgent({
    schema: (_request, response) => response.setHeader('content-type', 'application/json').end(schema),
  })
  await agents('register', agent.url, '--id', 'writer', '--name', 'Writer')
  await fetch(`${url}/orchestrator/writer/schema`)
  const { out } = await agents('show', 'writer', '--json')
  expect(out).toContain('"default":9007199254740993')
  expect(JSON.parse(out)).toMatchObject({ agent_id: 'writer' })
  expect(JSON.parse((await agents('list', '--json')).out).agents).toHaveLength(1)
})

test('in a terminal, a table has its width and no control character of an agent', async () => {
  const { url, agents } = await withAgents()
  const agent = await startAgent({
    health: json({ status: 'degraded', reason: 'quota \u001b[2J\u009b31m at 92 %, for the rest of the day' }),
  })
  await agents('register', agent.url, '--id', 'writer', '--name', '\u001b]0;owned\u0007名前の長いエージェント')
  await cli(['agents', 'check', '--url', url])
  for (const columns of [80, 60]) {
    const { out } = await cli(['agents', 'list', '--url', url], { columns })
    expect(out).toContain('degraded')
    const plain = out.replace(/\u001b\[\d+m/g, '')
    expect(plain).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f]/)
    expect(Math.max(...plain.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns)
    expect(plain).toMatch(/^AGENT .*STATUS.* REASON$/m)
  }
  const { out } = await cli(['agents', 'list', '--url', url])
  expect(out).toContain('␛]0;owned␇名前の長いエージェント')
})

test('a credential comes from a file or standard input, and is in no output', async () => {
  const { url, agents } = await withAgents()
  const token = 'tok-3f9c-8d21'
  const login = 'anna:p:w 3f9c'
  const known = [`Bearer ${token}`, `Basic ${Buffer.from(login).toString('base64')}`]
  const agent = await startGuardedAgent((sent) => known.includes(sent.authorization!) || sent['x-api-key'] === token)
  const file = (text: string) => {
    const path = temporaryFile('credential.txt')
    writeFileSync(path, text)
    return path
  }
  const register = ['register', agent.url, '--id', 'writer']
  expect(await agents(...register)).toMatchObject({ code: 1, err: expect.stringContaining('needs a credential') })
  const printed = [
    await agents(...register, '--bearer-from', file(`${token}\n`)),
    await cli(['agents', 'edit', 'writer', '--basic-from', '-', '--url', url], { input: login }),
    await agents('edit', 'writer', '--headers-from', file(`X-Api-Key: ${token}\r\nX-Other: a\n\n`), '--json'),
  ]
  expect(printed.map(({ code, err }) => [code, err])).toEqual([
    [0, ''],
    [0, ''],
    [0, ''],
  ])
  expect(printed[1]!.out).toBe('Saved Article Writer. Checked: healthy.\n')
  expect(agent.requests.at(-1)!.headers).toMatchObject({ 'x-api-key': token, 'x-other': 'a' })
  const wrong = await agents('edit', 'writer', '--bearer-from', file('wrong-one'))
  expect(wrong).toMatchObject({ code: 1, out: '', err: expect.stringContaining('refuses the credential') })
  const anyway = await agents('edit', 'writer', '--bearer-from', file('wrong-one'), '--anyway')
  expect(anyway).toMatchObject({ code: 0, out: expect.stringContaining('refuses the credential') })
  await agents('check', 'writer')
  const shown = await agents('show', 'writer')
  expect(shown.out).toMatch(/^Credential +enter it: agents edit writer --bearer-from FILE$/m)
  expect(JSON.stringify([printed, wrong, anyway, shown])).not.toMatch(/3f9c|wrong-one/)
  const removed = await agents('edit', 'writer', '--no-credential', '--name', 'Renamed')
  expect(removed.out).toBe('Saved Renamed.\n')
  await agents('check', 'writer')
  expect(agent.requests.at(-1)!.headers['x-api-key']).toBeUndefined()
})

test.each([
  [[], 'Say what to change'],
  [['--bearer-from', '/no/such/file'], '/no/such/file cannot be read (ENOENT)'],
  [['--bearer-from', '-'], 'Standard input is empty'],
  [['--basic-from', '/dev/null'], '/dev/null is empty'],
  [['--bearer-from', '-', '--basic-from', '-'], 'cannot be used with'],
])('what is wrong with the options of a change is said: %j', async (options, sentence) => {
  const { agents } = await withAgents()
  expect(await agents('edit', 'writer', ...options)).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining(sentence),
  })
})
