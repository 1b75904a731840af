import { spaceEnd } from './scan.ts'
import { closeList, closeObject, openList, openObject, quote } from './signs.ts'
import { literalEnd, stringEnd } from './tokens.ts'

/** Members or items (by index) as raw texts, lazily. `text` must have passed isJson. */
export function* jsonEntries(text: string): Generator<[name: string, value: string]> {
  let at = spaceEnd(text, 0)
  const isObject = text[at] === '{'
  if (!isObject && text[at] !== '[') return
  at = spaceEnd(text, at + 1)
  for (let index = 0; at < text.length && text[at] !== '}' && text[at] !== ']'; index++) {
    let name = String(index)
    if (isObject) {
      const nameEnd = stringEnd(text, at)
      name = unquoted(text.slice(at, nameEnd))
      at = spaceEnd(text, spaceEnd(text, nameEnd) + 1)
    }
    const end = valueEnd(text, at)
    yield [name, text.slice(at, end)]
    at = spaceEnd(text, end)
    if (text[at] === ',') at = spaceEnd(text, at + 1)
  }
}

/** As jsonEntries; the last of a repeated name counts. Undefined when not an object. */
export function jsonMembers(text: string): Map<string, string> | undefined {
  return text[spaceEnd(text, 0)] === '{' ? new Map(jsonEntries(text)) : undefined
}

export function jsonItems(text: string): string[] | undefined {
  return text[spaceEnd(text, 0)] === '[' ? Array.from(jsonEntries(text), ([, item]) => item) : undefined
}

function unquoted(json: string): string {
  return json.startsWith('"') && !json.includes('\\') ? json.slice(1, -1) : JSON.parse(json)
}

function valueEnd(text: string, start: number): number {
  if (text[start] === '"') return stringEnd(text, start)
  if (text[start] !== '{' && text[start] !== '[') return literalEnd(text, start)
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = stringEnd(text, at) - 1
    else if (code === openList || code === openObject) depth++
    else if ((code === closeList || code === closeObject) && --depth === 0) return at + 1
  }
  return text.length
}

/** The raw text at a JSON pointer (RFC 6901). */
export function jsonAt(text: string, pointer: string): string | undefined {
  try {
    return pointer.split('/').slice(1).reduce<string | undefined>(memberAt, text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function memberAt(value: string | undefined, step: string): string | undefined {
  if (value === undefined) return undefined
  const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
  return value.trimStart().startsWith('[') ? jsonItems(value)?.[Number(name)] : jsonMembers(value)?.get(name)
}

export function jsonObject(members: Iterable<readonly [string, string]>): string {
  return `{${Array.from(members, ([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
}
