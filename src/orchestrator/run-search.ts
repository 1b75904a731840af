/** Which of the two payloads of a run: its inputs or its outputs. */
export type Side = 'in' | 'out'
export type Comparison = ':' | '=' | '>' | '<' | '>=' | '<='

/** One thing that a search asks of a run. What each means, `matches` in run-search-match.ts says. */
export type SearchTerm = { isNot: boolean } & (
  | {
      kind: 'words'
      /** One word, or several that follow each other; as `tokens` writes words, and never none. */
      words: string[]
      /** Whether the last of them is only begun (`refund*`). */
      isBegun?: boolean
    }
  | {
      kind: 'field'
      side: Side
      /** Names from the outside in. With none, the whole payload is meant. */
      path: string[]
      compare: Comparison
      value: string
    }
  | { kind: 'status' | 'agent' | 'workflow' | 'error'; value: string }
)

/** Whatever opens and closes a text; phones write “these” by themselves. */
export const quotes = '"“”„'
const bareName = /^[^\s.:<>=!"“”„]+$/
const bareValue = /^[^\s:<>="“”„]\S*$/

/** Whether the last word of a text is only begun: `refund*`. */
export const isBegun = (text: string): boolean => text.endsWith('*')

/** The text that `parseSearch` reads as these terms. */
export function writeSearch(terms: SearchTerm[]): string {
  return terms.map((term) => (term.isNot ? '-' : '') + writeTerm(term)).join(' ')
}

function writeTerm(term: SearchTerm): string {
  if (term.kind === 'words') {
    const words = term.words.join(' ') + (term.isBegun ? '*' : '')
    return term.words.length === 1 ? words : quoted(words)
  }
  const name = term.kind === 'field' ? writeFieldName(term.side, term.path) + term.compare : `${term.kind}:`
  return name + (bareValue.test(term.value) ? term.value : quoted(term.value))
}

/** `in.topic`, `out."my field".score`: as a search and a pinned column write it. */
export function writeFieldName(side: Side, path: string[]): string {
  return [side, ...path.map((name) => (bareName.test(name) ? name : quoted(name)))].join('.')
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
