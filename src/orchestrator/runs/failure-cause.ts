import { LRUCache } from 'lru-cache'

export type Cause = {
  /** Without who reports it and what to do; empty when no error was recorded. */
  text: string
  /** `…` replaces what differs from run to run. */
  pattern: string
}

const rest = '…'
/** run_index cuts errors off after so many characters. */
const maxKept = 200
const maxRemembered = 5000

const reporters =
  /^(?:(?:Cannot connect to agent at \S+|The call to the agent at \S+ failed|The agent says|The agent answered [1-5]\d\d [^:]{1,40}|Workflow execution failed): (?=\S))+/
const advice = / (?:Is it running\?|It may still be working\.|The agent may have finished\.)$/
const lastWord = /[\p{L}\p{N}\p{M}]*$/u

const inWord = String.raw`[\p{L}\p{N}\p{M}]`
const quotes = ['""', '“”', '‘’', '«»', '``', "''"]
/** Also where it is cut off; an apostrophe in a word is no quote. */
const quoted = quotes.map(
  ([open, close]) => `(?<!${inWord})${open}(?:[^${close}]|${close}(?=${inWord}))*?(?:${close}(?!${inWord})|$)`,
)
const address = String.raw`(?<!${inWord})[a-z][a-z0-9+.-]*://[^\s"'<>]*[^\s"'<>.,:;!?)\]}]`
const path = String.raw`(?<!${inWord})(?:[\w.~-]+)?(?:/[\w.-]+){2,}/?(?!${inWord})`
const varying = new RegExp([address, ...quoted, path].join('|'), 'giu')
/** `10,482`, `10:30:01`, `gpt-4o`, `run_42`. */
const name = new RegExp(`(?:${inWord}|_)+(?:[-.](?:${inWord}|_)+|(?<=\\p{N})[:,](?=\\p{N})${inWord}+)*`, 'gu')
const severalRests = /…(?:[\s,;/-]*…)+/g

const remembered = new LRUCache<string, Cause>({ max: maxRemembered })

export const keptOf = (error: string | null): string | null =>
  error === null
    ? null
    : Array.from(error.slice(0, 2 * maxKept))
        .slice(0, maxKept)
        .join('')

export function causeOf(error: string | null): Cause {
  const known = remembered.get(error ?? '')
  if (known) return known
  const cause = read(error ?? '')
  remembered.set(error ?? '', cause)
  return cause
}

function read(error: string): Cause {
  const isCut = error.length >= maxKept
  const whole = isCut ? error.replace(lastWord, '').trim() : error
  if (isCut && whole === '') return { text: error + rest, pattern: error + rest }
  const line = whole.replace(/\s+/g, ' ').trim()
  const text = line.replace(reporters, '').replace(advice, '').replace(/\.$/, '')
  const pattern = text.replace(varying, rest).replace(name, (found, at: number, all: string) => {
    return /\p{N}/u.test(found) && !isHttpStatus(found, all.slice(0, at), all.slice(at + found.length)) ? rest : found
  })
  const end = isCut ? ` ${rest}` : ''
  return {
    text: text + end,
    pattern: (pattern + end).replace(severalRests, rest),
  }
}

function isHttpStatus(number: string, before: string, after: string): boolean {
  if (!/^[1-5]\d\d$/.test(number)) return false
  return /^ \p{Lu}\p{Ll}/u.test(after) || /\b(?:HTTP|status|status code|answered):? $/i.test(before)
}
