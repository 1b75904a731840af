import {
  anything,
  type ChoiceType,
  distinct,
  eitherOf,
  type InputType,
  listOf,
  type Option,
  plainText,
  type ReadType,
} from './input-type.ts'

const maxTypeLength = 1000
const maxDepth = 30
export const maxLabelLength = 200

/** `list[str]`. The arguments of `Literal` are JSON values. */
export type WrittenType = { name: string; inner: WrittenType[] | undefined; literals: (Option | undefined)[] }

const token = /\s*([A-Za-z_][\w.]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?|[[\],|])/y

const words: Record<string, InputType> = {
  str: plainText,
  string: plainText,
  uuid: plainText,
  path: plainText,
  anyurl: plainText,
  httpurl: plainText,
  emailstr: plainText,
  secretstr: { ...plainText, isSecret: true },
  date: { ...plainText, format: 'date' },
  time: { ...plainText, format: 'time' },
  datetime: { ...plainText, format: 'date-time' },
  int: { kind: 'integer' },
  integer: { kind: 'integer' },
  float: { kind: 'number' },
  number: { kind: 'number' },
  decimal: { kind: 'number' },
  bool: { kind: 'boolean' },
  boolean: { kind: 'boolean' },
  list: { kind: 'json', accepts: 'list' },
  array: { kind: 'json', accepts: 'list' },
  tuple: { kind: 'json', accepts: 'list' },
  set: { kind: 'json', accepts: 'list' },
  frozenset: { kind: 'json', accepts: 'list' },
  sequence: { kind: 'json', accepts: 'list' },
  dict: { kind: 'json', accepts: 'dict' },
  mapping: { kind: 'json', accepts: 'dict' },
  object: { kind: 'json', accepts: 'object' },
}
const lists = new Set(['list', 'array', 'set', 'frozenset', 'sequence'])

/** Reads a type as Python writes it. What is not understood takes any JSON. */
export function readPythonType(text: string): ReadType {
  const label = text.trim().slice(0, maxLabelLength) || 'any'
  const written = parsePythonType(text)
  return written ? { ...meaningOf(written), label } : anything(label)
}

export function parsePythonType(text: string): WrittenType | undefined {
  const tokens = text.length > maxTypeLength ? undefined : tokensOf(text)
  const written = tokens && parseUnion(tokens, 0)
  return tokens?.length === 0 ? written : undefined
}

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = []
  const trimmed = text.trimEnd()
  token.lastIndex = 0
  while (token.lastIndex < trimmed.length) {
    const found = token.exec(trimmed)
    if (!found) return undefined
    tokens.push(found[1]!)
  }
  return tokens.reverse()
}

function parseUnion(tokens: string[], depth: number): WrittenType | undefined {
  const variants: WrittenType[] = []
  do {
    const one = parseOne(tokens, depth)
    if (!one) return undefined
    variants.push(one)
  } while (take(tokens, '|'))
  return variants.length === 1 ? variants[0] : { name: 'union', inner: variants, literals: [] }
}

function parseOne(tokens: string[], depth: number): WrittenType | undefined {
  const word = tokens.pop()
  if (word === undefined || depth > maxDepth) return undefined
  if (/^[[\],|]/.test(word)) return undefined
  if (!/^[A-Za-z_]/.test(word)) return { name: '', inner: undefined, literals: [literalOf(word)] }
  const name = word.split('.').at(-1)!.toLowerCase()
  if (!take(tokens, '[')) return { name, inner: undefined, literals: [literalOf(word)] }
  const inner: WrittenType[] = []
  while (!take(tokens, ']')) {
    if (inner.length > 0 && !take(tokens, ',')) return undefined
    if (take(tokens, ']')) break
    const one = parseUnion(tokens, depth + 1)
    if (!one) return undefined
    inner.push(one)
  }
  return { name, inner, literals: inner.flatMap(({ literals }) => literals) }
}

function take(tokens: string[], wanted: string): boolean {
  if (tokens.at(-1) !== wanted) return false
  tokens.pop()
  return true
}

function meaningOf({ name, inner, literals }: WrittenType): ReadType {
  if (inner === undefined) {
    const type = Object.hasOwn(words, name) ? words[name] : undefined
    return type ? { type, isNullable: false, label: name } : anything(name)
  }
  const [first] = inner
  if (first === undefined) return anything(name)
  if (name === 'optional' || name === 'union') {
    const variants = inner.filter((one) => one.name !== 'none')
    return eitherOf(variants.map(meaningOf), name === 'optional' || variants.length < inner.length, name)
  }
  if (name === 'literal') return literalType(literals)
  if (name === 'annotated') return meaningOf(first)
  if (lists.has(name) && inner.length === 1) return { type: listOf(meaningOf(first)), isNullable: false, label: name }
  const type = Object.hasOwn(words, name) ? words[name] : undefined
  return type?.kind === 'json' ? { type, isNullable: false, label: name } : anything(name)
}

function literalType(literals: (Option | undefined)[]): ReadType {
  const known = literals.filter((one) => one !== undefined)
  const options = distinct(known.filter(({ json }) => json !== 'null'))
  if (known.length < literals.length || options.length === 0) return anything('Literal')
  const type: ChoiceType = { kind: 'choice', options }
  return { type, isNullable: known.some(({ json }) => json === 'null'), label: 'Literal' }
}

const constants: Record<string, string> = { True: 'true', False: 'false', None: 'null' }

function literalOf(word: string): Option | undefined {
  if (Object.hasOwn(constants, word)) return { json: constants[word]!, label: word }
  if (/^-?(0|[1-9]\d*)$/.test(word)) return { json: word, label: word }
  if (!/^["']/.test(word)) return undefined
  const text = word.slice(1, -1).replace(/\\(['"\\])/g, '$1')
  // Python's other escapes are rare, and not JSON's.
  return text.includes('\\') ? undefined : { json: JSON.stringify(text), label: text }
}
