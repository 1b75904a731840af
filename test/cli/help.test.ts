import { expect, test } from 'vitest'
import { cli } from '../support/cli.ts'

const commands = [
  ...['list', 'show', 'register', 'check', 'remove'].map((name) => ['agents', name]),
  ...['list', 'show', 'cancel', 'rerun', 'export'].map((name) => ['runs', name]),
  ['run'],
  ['status'],
  ['completion'],
]

test.each(commands.map((words) => words.join(' ')))(
  'the help of %s has examples, and names only options that it has',
  async (words) => {
    const { code, out, err } = await cli([...words.split(' '), '--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const [options = '', examples = ''] = out.split('\nExamples:\n')
    const calls = examples.split('\n').filter((line) => line.includes(`configurable-agents ${words}`))
    expect(calls.length).toBeGreaterThan(0)
    const known = [...options.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, long]) => long!)
    const ofAgent = ['--topic', '--max-words', '--tags']
    const used = calls.flatMap((call) => call.split('|')[0]!.match(/--[a-z][\w-]*/g) ?? [])
    expect(used.filter((long) => ![...known, ...ofAgent].includes(long))).toEqual([])
  },
)

test('the general help lists every command, and none for the shell alone', async () => {
  const { out } = await cli(['--help'])
  expect([...out.matchAll(/^ {2}([a-z]+) .*/gm)].map(([, name]) => name)).toEqual([
    ...['ui', 'agents', 'run', 'runs', 'status', 'users', 'backup', 'restore', 'move', 'completion', 'help'],
  ])
})
