import type { Command, Option } from 'commander'
import { agentIds, inputFlags, runIds } from './from-dashboard.ts'

export type KnownCommands = { names: string[]; load(name: string): Promise<Command | undefined> }

type Typed = { command: Command; operands: string[]; option: Option | undefined }

export async function suggestions([, ...words]: string[], commands: KnownCommands): Promise<string[]> {
  const typed = words.at(-1) ?? ''
  const [name, ...before] = words.slice(0, -1)
  const all =
    name === undefined ? [...commands.names, '--help', '--version'] : await after(name, before, typed, commands)
  return all.filter((one) => one.startsWith(typed)).sort()
}

async function after(name: string, before: string[], typed: string, commands: KnownCommands): Promise<string[]> {
  const first = await commands.load(name)
  if (!first) return []
  const { command, operands, option } = follow(first, before)
  const url = urlIn(before)
  if (option) return valuesOf(option, url)
  if (typed.startsWith('-')) {
    const own = command.options.flatMap(({ long, hidden }) => (long && !hidden ? long : []))
    const ofAgent = name === 'run' && operands[0] !== undefined ? await inputFlags(operands[0], own, url) : []
    return [...own, ...ofAgent, '--help']
  }
  if (command.commands.length > 0) return command.commands.map((one) => one.name())
  const argument = command.registeredArguments[operands.length]
  if (argument?.name() === 'agent') return agentIds(url)
  return argument?.name() === 'run' ? runIds(url) : (argument?.argChoices ?? [])
}

/** To the innermost command; `option` is one whose value comes next. */
function follow(first: Command, words: string[]): Typed {
  let command = first
  let option: Option | undefined
  const operands: string[] = []
  for (const word of words) {
    if (option) option = undefined
    else if (word.startsWith('-')) option = command.options.find(({ long, required }) => long === word && required)
    else {
      const inner = operands.length === 0 ? command.commands.find((one) => one.name() === word) : undefined
      if (inner) command = inner
      else operands.push(word)
    }
  }
  return { command, operands, option }
}

async function valuesOf({ long }: Option, url: string | undefined): Promise<string[]> {
  if (long === '--agent') return agentIds(url)
  if (long === '--status') return ['pending', 'running', 'completed', 'failed', 'cancelled', 'lost']
  return long === '--format' ? ['csv', 'ndjson'] : []
}

function urlIn(words: string[]): string | undefined {
  const at = words.indexOf('--url')
  return at < 0 ? undefined : words[at + 1]
}
