import { jsonItems } from '../../shared/json.ts'
import type { Input, InputType, ReadType } from './input-type.ts'
import { type Members, stringOf } from './json-schema-values.ts'
import { maxLabelLength } from './python-type.ts'

const maxExamples = 3
const maxExampleLength = 200
export const maxDescriptionLength = 2000

const noWords = { title: '', description: '', examples: [] }

export function inputOf(name: string, { label, title: _, ...read }: ReadType, isRequired: boolean): Input {
  return { name, ...read, typeLabel: label.slice(0, maxLabelLength), isRequired, ...noWords }
}

/** Frameworks make titles of names: those say nothing. */
export function titleOf(name: string, said: Members): string {
  const title = (stringOf(said.get('title')) ?? '').slice(0, maxLabelLength)
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  return plain(title) === plain(name) ? '' : title
}

export function examplesOf(said: Members): string[] {
  const examples = jsonItems(said.get('examples') ?? '') ?? [said.get('example')].filter((one) => one !== undefined)
  return examples.filter((json) => json.length <= maxExampleLength).slice(0, maxExamples)
}

export function withLength(type: InputType, defaultJson: string | undefined): InputType {
  return type.kind === 'text' && defaultJson?.includes('\\n') ? { ...type, isLong: true } : type
}
