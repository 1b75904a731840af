import { pythonToJson } from '../../shared/json/python-repr.ts'
import { isJson, jsonDepth, jsonTokens } from '../../shared/json.ts'

/**
 * A JSON value with the text that it was written as. Two values have the same `identity` when they say the same: names
 * in any order, strings in any spelling, and numbers digit by digit.
 */
export type JsonValue = { text: string; identity: number } & (
  | { kind: 'object'; members: Map<string, JsonValue> }
  | { kind: 'list'; items: JsonValue[] }
  | { kind: 'string'; said: string }
  | { kind: 'literal' }
)

/** Gives each thing that is said a number, the same one each time. */
export type Identities = Map<string, number>

const deepest = 100
const mostValues = 10_000

/** What a text is that cannot be read: no JSON at all, or more of it than can be compared in the time of a request. */
export type Unreadable = 'no JSON' | 'too much'

/**
 * Reads a JSON text, also with Python's NaN, or a repr of Python's. Values can be compared when they were read with the
 * same `identities`.
 */
export function readJsonValue(text: string, identities: Identities): JsonValue | Unreadable {
  if (text.trim() === '') return 'no JSON'
  const isText = isJson(text)
  const json = isText ? text : pythonToJson(text)
  if (json === undefined) return 'no JSON'
  if (jsonDepth(json) > deepest) return 'too much'
  // What breaks off can be the same in both.
  if (!isText && !isJson(json)) return 'no JSON'
  const tokens = jsonTokens(json)
  let values = 0
  const identityOf = (said: string) => {
    const known = identities.get(said)
    if (known !== undefined) return known
    identities.set(said, identities.size)
    return identities.size - 1
  }

  function read(token: { kind: string; start: number; end: number }): JsonValue {
    if (++values > mostValues) throw new TooMuch()
    const piece = json!.slice(token.start, token.end)
    if (token.kind === 'string') {
      const said = saidBy(piece)
      return { kind: 'string', text: piece, said, identity: identityOf(`"${said}`) }
    }
    if (token.kind === 'literal') return { kind: 'literal', text: piece, identity: identityOf(piece) }
    return piece === '{' ? readObject(token.start) : readList(token.start)
  }

  function readObject(start: number): JsonValue {
    const members = new Map<string, JsonValue>()
    let token = tokens.next().value!
    while (token.kind !== 'close') {
      const name = saidBy(json!.slice(token.start, token.end))
      tokens.next()
      members.set(name, read(tokens.next().value!))
      token = tokens.next().value!
      if (token.kind === 'comma') token = tokens.next().value!
    }
    const said = [...members].map(([name, { identity }]) => `${JSON.stringify(name)}:${identity}`).sort()
    return { kind: 'object', text: json!.slice(start, token.end), members, identity: identityOf(`{${said.join()}`) }
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

/** What a JSON string says. Most have nothing to be unescaped. */
function saidBy(json: string): string {
  return json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1)
}
