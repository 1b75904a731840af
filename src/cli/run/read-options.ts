import { Command, type Option } from 'commander'
import type { InputSchema } from '../../agent/schema/input-schema.ts'
import { shellQuoted } from '../../shared/text/shell-quoted.ts'
import { exampleLines } from '../dashboard/command.ts'
import { usageError } from '../dashboard/dashboard.ts'
import type { WaitOptions } from '../runs/begun.ts'
import { safeLine } from '../terminal/safe-text.ts'
import { describe, flagsOf, type InputFlag } from './input-flags.ts'
import { ownOptions } from './own-options.ts'
import { takesSeveral } from './values.ts'

/** `values` are texts by the names of inputs. `inputsFrom` is a file, - for standard input, or JSON. */
export type TypedRun = { values: Map<string, string[]>; options: WaitOptions & { inputsFrom?: string } }

export function optionsOfAgent(id: string, schema: InputSchema) {
  const name = safeLine(id)
  const own = ownOptions()
  const flags = flagsOf(schema, ['--help', ...own.map(({ long }) => long!)])
  const nameless = flags.flatMap(({ input, option }) =>
    option ? [] : `  --input ${safeLine(input.name)}=…  ${describe(input)}`,
  )
  const command = new Command(`configurable-agents run ${name}`)
    .description(`run ${name}${schema.workflow === undefined ? '' : ` (workflow ${safeLine(schema.workflow)})`}`)
    .addHelpText(
      'after',
      nameless.length === 0 ? '' : `\nInputs without an option of their own:\n${nameless.join('\n')}`,
    )
    .addHelpText('after', exampleLines([safeLine(exampleOf(name, flags))]))
  const typed: TypedRun = { values: new Map(), options: {} }

  function add(name: string, value: string): void {
    const known = flags.find(({ input }) => input.name === name)
    if (!known && schema.isUnnamed !== true) throw usageError(noSuchInput(name, schema))
    const earlier = typed.values.get(name) ?? []
    if (earlier.length > 0 && known && !takesSeveral(known.input.type))
      throw usageError(`The input “${name}” is given twice.`)
    typed.values.set(name, [...earlier, value])
  }

  for (const { input, option, negation } of flags) {
    if (option) command.addOption(option).on(`option:${option.name()}`, (value) => add(input.name, value ?? 'true'))
    if (negation) command.addOption(negation).on(`option:${negation.name()}`, () => add(input.name, 'false'))
  }
  for (const option of own) command.addOption(option)
  command.on('option:input', (text: string) => {
    const at = text.indexOf('=')
    if (at < 1) throw usageError(`--input: write name=value, not “${text}”.`)
    add(text.slice(0, at), text.slice(at + 1))
  })
  command.on('option:json', (file: string | null) => {
    if (file === null) typed.options.json = true
    else typed.options.inputsFrom = file
  })

  return {
    command,
    read(args: string[]): TypedRun {
      command.parse(withFlags(args, [...own, ...flags.flatMap(({ option }) => option ?? [])], flags), { from: 'user' })
      const { json: _, ...options } = command.opts<WaitOptions>()
      return { values: typed.values, options: { ...options, ...typed.options } }
    },
  }
}

/** Exact names of inputs become flags. A flag where a value should be is an error: to send it would cost a run. */
function withFlags(args: string[], options: Option[], flags: InputFlag[]): string[] {
  const longs = new Map<string, string>(
    flags.flatMap(({ input, option }) => (option ? [[`--${input.name}`, option.long!] as const] : [])),
  )
  const named = args.map((arg) => {
    const name = arg.split('=', 1)[0]!
    return (longs.get(name) ?? name) + arg.slice(name.length)
  })
  for (const [index, arg] of named.entries()) {
    const option = options.find(({ long }) => long === arg)
    const next = named[index + 1]
    const isFlag = options.some(({ long }) => long === next?.split('=', 1)[0])
    if (option?.required && isFlag)
      throw usageError(`${arg} needs a value. If “${next}” is meant, write ${arg}=${next}`)
  }
  return named
}

function noSuchInput(name: string, { inputs }: InputSchema): string {
  const names = inputs.map((one) => one.name)
  return safeLine(`There is no input “${name}”. There ${names.length === 1 ? 'is only' : 'are'} ${names.join(', ')}.`)
}

/** With the inputs that are required, or the first one. */
function exampleOf(id: string, flags: InputFlag[]): string {
  const required = flags.filter(({ input }) => input.isRequired)
  const shown = required.length > 0 ? required : flags.slice(0, 1)
  return ['run', id, ...shown.map(sample), '--wait'].join(' ')
}

function sample({ input, option }: InputFlag): string {
  if (!option) return `--input ${shellQuoted(`${input.name}=…`)}`
  if (!option.required) return option.long!
  const value = option.flags.endsWith('<number>') ? '3' : option.flags.endsWith('<json>') ? "'{}'" : '"…"'
  return `${option.long} ${value}`
}
