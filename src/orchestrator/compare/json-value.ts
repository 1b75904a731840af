import { pythonToJson } from '../../shared/json/python-repr.ts'
import { isJson, jsonDepth, jsonTokens } from '../../shared/json.ts'

/** Values of one `identity` are equal: names in any order, escapes resolved, numbers digit by digit. */
export type JsonValue = { text: string; identity: number } & (
  | { kind: 'object'; members: Map<string, JsonValue> }
  | { kind: 'list'; items: JsonValue[] }
  | { kind: 'string'; value: string }
  | { kind: 'literal' }
)

export type Identities = Map<string, number>

const maxDepth = 100
const maxValues = 10_000

export type Unreadable = 'no JSON' | 'too much'

/** Reads JSON, also with Python's NaN, or a Python repr. Values to be compared share their `identities`. */
export function readJsonValue(text: string, identities: Identities): JsonValue | Unreadable {
  if (text.trim() === '') return 'no JSON'
  const isText = isJson(text)
  const json = isText ? text : pythonToJson(text)
  if (json === undefined) return 'no JSON'
  if (jsonDepth(json) > maxDepth) return 'too much'
  if (!isText && !isJson(json)) return 'no JSON'
  const tokens = jsonTokens(json)
  let values = 0
  const identityOf = (meaning: string) => {
    const known = identities.get(meaning)
    if (known !== undefined) return known
    identities.set(meaning, identities.size)
    return identities.size - 1
  }

  function read(token: { kind: string; start: number; end: number }): JsonValue {
    if (++values > maxValues) throw new TooMuch()
    const piece = json!.slice(token.start, token.end)
    if (token.kind === 'string') {
      const value = unescaped(piece)
      return { kind: 'string', text: piece, value, identity: identityOf(`"${value}`) }
    }
    if (token.kind === 'literal') return { kind: 'literal', text: piece, identity: identityOf(piece) }
    return piece === '{' ? readObject(token.start) : readList(token.start)
  }

  function readObject(start: number): JsonValue {
    const members = new Map<string, JsonValue>()
    let token = tokens.next().value!
    while (token.kind !== 'close') {
      const name = unescaped(json!.slice(token.start, token.end))
      tokens.next()
      members.set(name, read(tokens.next().value!))
      token = tokens.next().value!
      if (token.kind === 'comma') token = tokens.next().value!
    }
    const meaning = [...members].map(([name, { identity }]) => `${JSON.stringify(name)}:${identity}`).sort()
    return { kind: 'object', text: json!.slice(start, token.end), members, identity: identityOf(`{${meaning.join()}`) }
  }

  function readList(start: number): JsonValue {
    const items: JsonValue[] = []
    let token = tokens.next().value!
    while (token.kind !== 'close') {
      items.push(read(token))
      token = tokens.next().value!
      if (token.kind === 'comma') token = tokens.next().value!
    }
    const identity = identityOf(`[${items.map((item) => item.identity).join()}`)
    return { kind: 'list', text: json!.slice(start, token.end), items, identity }
  }

  try {
    return read(tokens.next().value!)
  } catch (error) {
    if (error instanceof TooMuch) return 'too much'
    throw error
  }
}

class TooMuch extends Error {}

/** Most have no escapes, and parsing costs. */
function unescaped(json: string): string {
  return json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1)
}
