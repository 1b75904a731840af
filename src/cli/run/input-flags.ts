import { Option } from 'commander'
import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { Input, InputType } from '../../agent/schema/input-type.ts'
import { safeLine } from '../terminal/safe-text.ts'
import { takesSeveral } from './values.ts'

/** `option` is undefined where no flag can be made of the name: then `--input name=value` remains. */
export type InputFlag = { input: Input; option: Option | undefined; negation: Option | undefined }

const flagLike = /^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u

/** `--max-words` for `max_words`; the exact name where that is taken. `taken` are flags of the command itself. */
export function flagsOf({ inputs, outputs }: InputSchema, taken: string[]): InputFlag[] {
  const folded = new Set(outputs)
  const used = new Set(taken)
  return inputs.map((input) => {
    const names = [input.name.replaceAll('_', '-'), input.name]
    const name = names.find((one) => flagLike.test(one) && !/^no-/.test(one) && !used.has(`--${one}`))
    if (name === undefined) return { input, option: undefined, negation: undefined }
    used.add(`--${name}`)
    const hasNegation = input.type.kind === 'boolean' && !used.has(`--no-${name}`)
    if (hasNegation) used.add(`--no-${name}`)
    const group = input.isRequired || !folded.has(input.name) ? 'Inputs:' : 'Its outputs, which can be given too:'
    const option = new Option(`--${name} ${placeholder(input.type)}`, describe(input)).helpGroup(group)
    return { input, option, negation: hasNegation ? new Option(`--no-${name}`).hideHelp() : undefined }
  })
}

const placeholders: Partial<Record<InputType['kind'], string>> = {
  text: '<text>',
  integer: '<number>',
  number: '<number>',
  boolean: '[true|false]',
  choice: '<choice>',
}

function placeholder(type: InputType): string {
  if (type.kind === 'list') return placeholder(type.items).replace('[true|false]', '<true|false>')
  return placeholders[type.kind] ?? '<json>'
}

const maxDefaultLength = 60

/** The agent's own words, on one line. */
export function describe({ type, typeLabel, isRequired, description, title, defaultJson }: Input): string {
  const choices = type.kind === 'choice' ? type.options.map(({ label }) => label).join(', ') : ''
  const notes = [
    typeLabel,
    isRequired ? 'required' : 'optional',
    takesSeveral(type) && 'repeat it for more',
    choices,
    type.kind === 'text' && type.isSecret && 'a password: better as JSON on standard input',
    defaultJson !== undefined && !['null', '""'].includes(defaultJson) && `default: ${short(defaultJson)}`,
  ]
  return safeLine(`${description || title} (${notes.filter(Boolean).join('; ')})`)
}

function short(json: string): string {
  return json.length > maxDefaultLength ? `${json.slice(0, maxDefaultLength)}…` : json
}
