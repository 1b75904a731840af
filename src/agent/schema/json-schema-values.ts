import { jsonEntries, looseValue } from '../../shared/json.ts'
import {
  anything,
  type ChoiceType,
  distinct,
  type InputType,
  type NumberType,
  type Option,
  plainText,
  type ReadType,
  type TextHint,
  type TextType,
} from './input-type.ts'
import { isOfSecret } from './json-schema-secrets.ts'
import { maxLabelLength } from './python-type.ts'

export type Members = Map<string, string>

/** More members than this become a JSON field. */
export const maxParts = 500
/** There are some 600 time zones. */
const maxOptions = 1000
const plainJson: InputType = { kind: 'json', accepts: 'anything' }
const longTextFrom = 200
const longFormats = new Set(['textarea', 'multiline', 'multi-line', 'markdown'])

export function readOptions(values: string[]): ReadType {
  if (values.length > maxOptions) return { type: plainJson, isNullable: false, label: 'enum' }
  const options = values.map((json): Option => {
    const text = stringOf(json)
    const compact = text === undefined ? withoutSpace(json) : JSON.stringify(text)
    return { json: compact, label: text ?? compact }
  })
  const choosable = distinct(options.filter(({ json }) => json !== 'null'))
  if (choosable.length === 0) return anything('enum')
  const type: ChoiceType = { kind: 'choice', options: choosable }
  return {
    type,
    isNullable: choosable.length < options.length && options.some(({ json }) => json === 'null'),
    label: 'enum',
  }
}

const hints: Record<string, TextHint> = {
  email: 'email',
  'idn-email': 'email',
  uri: 'url',
  url: 'url',
  iri: 'url',
  uuid: 'uuid',
  binary: 'file',
  byte: 'file',
  file: 'file',
  base64: 'file',
}

export function textType(members: Members): TextType {
  const format = stringOf(members.get('format'))
  const hint = hintOf(members, format)
  const maxLength = count(members, 'maxLength')
  const pattern = stringOf(members.get('pattern'))?.slice(0, maxLabelLength)
  return {
    ...plainText,
    isLong:
      longFormats.has(format ?? '') ||
      hint === 'file' ||
      (maxLength.maxLength ?? 0) > longTextFrom ||
      members.has('contentMediaType'),
    isSecret: isOfSecret(members),
    ...(hint && { hint }),
    ...((format === 'date' || format === 'time' || format === 'date-time') && { format }),
    ...count(members, 'minLength'),
    ...maxLength,
    ...(pattern && { pattern }),
  }
}

function hintOf(members: Members, format = ''): TextHint | undefined {
  if (members.has('contentEncoding')) return 'file'
  return Object.hasOwn(hints, format) ? hints[format] : undefined
}

const limits = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const

export function numberType(kind: NumberType['kind'], members: Members): NumberType {
  const given = limits.map((name) => [name, members.get(name)] as const)
  return { kind, ...Object.fromEntries(given.filter(([, json]) => json !== undefined && /^-?\d/.test(json))) }
}

export function count<Name extends string>(members: Members, name: Name): { [one in Name]?: number } {
  const json = members.get(name) ?? ''
  return (/^\d{1,9}$/.test(json) ? { [name]: Number(json) } : {}) as { [one in Name]?: number }
}

export function someItems(text = ''): string[] | undefined {
  return text.startsWith('[') ? some(text).map(([, item]) => item) : undefined
}

export function some(text: string): [string, string][] {
  return jsonEntries(text)
    .take(maxOptions + 1)
    .toArray()
}

export function stringOf(json: string | undefined): string | undefined {
  return json?.startsWith('"') ? (looseValue(json) as string) : undefined
}

function withoutSpace(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (piece) => (piece.startsWith('"') ? piece : ''))
}
