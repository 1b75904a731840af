import { LRUCache } from 'lru-cache'

/** Why runs failed, as it can be said of many at once. */
export type Cause = {
  /** The error without who reports it and what one could do; empty when none was recorded. */
  text: string
  /** The text with `…` for what differs from run to run: numbers, ids, addresses, paths, quoted values. */
  pattern: string
}

const rest = '…'
/** run_index keeps no more of an error: the end of one that long is missing. */
const mostKept = 200
const maxRemembered = 5000

const reporters =
  /^(?:(?:Cannot connect to agent at \S+|The call to the agent at \S+ failed|The agent says|The agent answered [1-5]\d\d [^:]{1,40}|Workflow execution failed): (?=\S))+/
const advice = / (?:Is it running\?|It may still be working\.|The agent may have finished\.)$/
const lastWord = /[\p{L}\p{N}\p{M}]*$/u

const inWord = String.raw`[\p{L}\p{N}\p{M}]`
const quotes = ['""', '“”', '‘’', '«»', '``', "''"]
/** Also a quoted text that is cut off. What stands in an apostrophe's place inside of a word is no quote. */
const quoted = quotes.map(
  ([open, close]) => `(?<!${inWord})${open}(?:[^${close}]|${close}(?=${inWord}))*?(?:${close}(?!${inWord})|$)`,
)
const address = String.raw`(?<!${inWord})[a-z][a-z0-9+.-]*://[^\s"'<>]*[^\s"'<>.,:;!?)\]}]`
const path = String.raw`(?<!${inWord})(?:[\w.~-]+)?(?:/[\w.-]+){2,}/?(?!${inWord})`
const varying = new RegExp([address, ...quoted, path].join('|'), 'giu')
/** `120`, `10,482`, `3.5`, `10:30:01`, `2026-11-20T10:00`, `gpt-4o`, `run_42`: what holds a digit is one of many. */
const name = new RegExp(`(?:${inWord}|_)+(?:[-.](?:${inWord}|_)+|(?<=\\p{N})[:,](?=\\p{N})${inWord}+)*`, 'gu')
const severalRests = /…(?:[\s,;/-]*…)+/g

const remembered = new LRUCache<string, Cause>({ max: maxRemembered })

/** What run_index has of an error. */
export const keptOf = (error: string | null): string | null =>
  error === null
    ? null
    : Array.from(error.slice(0, 2 * mostKept))
        .slice(0, mostKept)
        .join('')

/** The cause that an error tells of, from its first 200 characters. */
export function causeOf(error: string | null): Cause {
  const known = remembered.get(error ?? '')
  if (known) return known
  const cause = read(error ?? '')
  remembered.set(error ?? '', cause)
  return cause
}

function read(error: string): Cause {
  const isCut = error.length >= mostKept
  const whole = isCut ? error.replace(lastWord, '').trim() : error
  if (isCut && whole === '') return { text: error + rest, pattern: error + rest }
  const line = whole.replace(/\s+/g, ' ').trim()
  const told = line.replace(reporters, '').replace(advice, '').replace(/\.$/, '')
  const pattern = told.replace(varying, rest).replace(name, (found, at: number, text: string) => {
    return /\p{N}/u.test(found) && !isHttpStatus(found, text.slice(0, at), text.slice(at + found.length)) ? rest : found
  })
  const end = isCut ? ` ${rest}` : ''
  return {
    text: told + end,
    pattern: (pattern + end).replace(severalRests, rest),
  }
}

/** `answered 502 Bad Gateway`, `HTTP 429`: such a number says what went wrong. */
function isHttpStatus(number: string, before: string, after: string): boolean {
  if (!/^[1-5]\d\d$/.test(number)) return false
  return /^ \p{Lu}\p{Ll}/u.test(after) || /\b(?:HTTP|status|status code|answered):? $/i.test(before)
}
