import { eitherOf } from './either.ts'
import {
  anything,
  type ChoiceType,
  distinct,
  listOf,
  listOfAnything,
  mapOf,
  type Option,
  type ReadType,
} from './input-type.ts'
import { simpleWords } from './python-words.ts'

const maxTypeLength = 1000
const maxDepth = 30
export const maxLabelLength = 200

/** `list[str]`. The arguments of `Literal` are JSON values. `name` is `word` in lower case. */
export type WrittenType = {
  name: string
  word: string
  inner: WrittenType[] | undefined
  literals: (Option | undefined)[]
}

const token = /\s*(\.\.\.|[A-Za-z_][\w.]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?|[[\],|])/y

const lists = new Set(['list', 'array', 'set', 'frozenset', 'sequence', 'iterable', 'deque'])
const dicts = new Set(['dict', 'mapping', 'mutablemapping', 'defaultdict', 'ordereddict'])
const rest = '...'

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
  return variants.length === 1 ? variants[0] : { name: 'union', word: 'Union', inner: variants, literals: [] }
}

function parseOne(tokens: string[], depth: number): WrittenType | undefined {
  const word = tokens.pop()
  if (word === undefined || depth > maxDepth) return undefined
  if (/^[[\],|]/.test(word)) return undefined
  if (!/^[A-Za-z_]/.test(word))
    return { name: word === rest ? rest : '', word, inner: undefined, literals: [literalOf(word)] }
  const last = word.split('.').at(-1)!
  const name = last.toLowerCase()
  if (!take(tokens, '[')) return { name, word: last, inner: undefined, literals: [literalOf(word)] }
  const inner: WrittenType[] = []
  while (!take(tokens, ']')) {
    if (inner.length > 0 && !take(tokens, ',')) return undefined
    if (take(tokens, ']')) break
    const one = parseUnion(tokens, depth + 1)
    if (!one) return undefined
    inner.push(one)
  }
  return { name, word: last, inner, literals: inner.flatMap(({ literals }) => literals) }
}

function take(tokens: string[], wanted: string): boolean {
  if (tokens.at(-1) !== wanted) return false
  tokens.pop()
  return true
}

function meaningOf({ name, word, inner, literals }: WrittenType): ReadType {
  if (inner === undefined) return meaningOfWord(name, word)
  const [first, second] = inner
  if (first === undefined) return anything(name)
  if (name === 'optional' || name === 'union') {
    const variants = inner.filter((one) => one.name !== 'none')
    return eitherOf(
      variants.map((one) => ({ ...meaningOf(one), label: writtenAs(one) })),
      name === 'optional' || variants.length < inner.length,
      name,
    )
  }
  if (name === 'literal') return literalType(literals)
  if (name === 'annotated') return meaningOf(first)
  const isEndless = name === 'tuple' && inner.length === 2 && second!.name === rest
  if (isEndless || (lists.has(name) && inner.length === 1)) {
    return { type: listOf(labelled(first)), isNullable: false, label: name }
  }
  if (name === 'tuple') {
    return {
      type: { kind: 'tuple', items: inner.map(labelled), minItems: inner.length },
      isNullable: false,
      label: name,
    }
  }
  if (dicts.has(name) && inner.length === 2) {
    return { type: mapOf(labelled(second!), 'dict'), isNullable: false, label: name }
  }
  return lists.has(name) ? listOfAnything(name) : anything(name)
}

function labelled(written: WrittenType): ReadType {
  return { ...meaningOf(written), label: writtenAs(written) }
}

function meaningOfWord(name: string, word: string): ReadType {
  const type = Object.hasOwn(simpleWords, name) ? simpleWords[name] : undefined
  if (type) return { type, isNullable: false, label: name }
  if (lists.has(name) || name === 'tuple') return listOfAnything(name)
  if (dicts.has(name) || name === 'object') {
    return { type: mapOf(anything(), name === 'object' ? 'object' : 'dict'), isNullable: false, label: name }
  }
  // A class is most often an object.
  return anything(word, /^[A-Z]/.test(word) && name !== 'any' && name !== 'none')
}

function writtenAs({ name, word, inner }: WrittenType): string {
  if (!inner) return word
  const all = inner.map(writtenAs)
  return name === 'union' ? all.join(' | ') : `${word}[${all.join(', ')}]`
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
