import type { NameKind } from '../../../store/ports/run-selection.ts'
import { couldBeId } from './ids.ts'

/** Which of the two payloads of a run: its inputs or its outputs. */
export type Side = 'in' | 'out'
export type Comparison = ':' | '=' | '>' | '<' | '>=' | '<='

/** What a run is called by, whose it is, and what became of it. */
export const nameKinds = ['status', 'agent', 'workflow'] as const satisfies NameKind[]
/** What is measured of a run. */
export const measureKinds = ['cost', 'tokens', 'duration', 'started'] as const
export type MeasureKind = (typeof measureKinds)[number]

/** One thing that a search asks of a run. What each means, `matches` in match.ts says. */
export type SearchTerm = { isNot: boolean } & (
  | {
      kind: 'words'
      /** One word, or several that follow each other; as `tokens` writes words, and never none. */
      words: string[]
      /** Whether the last of them is only begun (`refund*`). */
      isBegun?: boolean
      /** What was typed where that could be the id of a run, or its beginning. */
      id?: string
    }
  | {
      kind: 'field'
      side: Side
      /** Names from the outside in. With none, the whole payload is meant. */
      path: string[]
      compare: Comparison
      value: string
    }
  | { kind: NameKind; values: string[] }
  | { kind: MeasureKind; compare: Comparison; value: string }
  | { kind: 'error' | 'cause'; value: string }
  | { kind: 'id'; value: string; isWhole?: boolean }
  /** One of these at least. Two or more, none of them of this kind. */
  | { kind: 'any'; terms: SearchTerm[] }
)

/** After `:`, for whatever value there is. */
export const anyValue = '*'

/** Whatever opens and closes a text; phones write “these” by themselves. */
export const quotes = '"“”„'
const bareName = /^[^\s.:<>=!"“”„]+$/
const bareValue = /^[^\s:<>="“”„]\S*$/
const bareItem = /^[^\s:<>=,"“”„][^\s,]*$/

/** Whether the last word of a text is only begun: `refund*`. */
export const isBegun = (text: string): boolean => text.endsWith('*')

/** The text that `parseSearch` reads as these terms. */
export function writeSearch(terms: SearchTerm[]): string {
  return terms.map(writeTerm).join(' ')
}

function writeTerm(term: SearchTerm): string {
  return (term.isNot ? '-' : '') + writeRest(term)
}

function writeRest(term: SearchTerm): string {
  switch (term.kind) {
    case 'any':
      return term.terms.map(writeTerm).join(' OR ')
    case 'words': {
      if (term.id !== undefined) return term.id
      const words = term.words.join(' ') + (term.isBegun ? '*' : '')
      // Written bare, it would be read as what could be an id.
      const isBare = term.words.length === 1 && (term.isBegun || !couldBeId(words))
      return isBare ? words : quoted(words)
    }
    case 'status':
    case 'agent':
    case 'workflow':
      return `${term.kind}:${term.values.map((value) => (bareItem.test(value) ? value : quoted(value))).join(',')}`
    case 'field':
      return writeFieldName(term.side, term.path) + term.compare + writeValue(term.value)
    case 'id':
      // A bare star at its end would be left out.
      return `id${term.isWhole ? '=' : ':'}${isBegun(term.value) ? quoted(term.value) : writeValue(term.value)}`
    case 'error':
    case 'cause':
      return `${term.kind}:${writeValue(term.value)}`
    default:
      return term.kind + term.compare + writeValue(term.value)
  }
}

const writeValue = (value: string) => (bareValue.test(value) ? value : quoted(value))

/** `in.topic`, `out."my field".score`: as a search and a pinned column write it. */
export function writeFieldName(side: Side, path: string[]): string {
  return [side, ...path.map((name) => (bareName.test(name) ? name : quoted(name)))].join('.')
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
