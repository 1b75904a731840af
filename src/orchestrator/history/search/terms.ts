import type { NameKind } from '../../../store/ports/run-selection.ts'
import { couldBeId } from './ids.ts'

export type Side = 'in' | 'out'
export type Comparison = ':' | '=' | '>' | '<' | '>=' | '<='

export const nameKinds = ['status', 'agent', 'workflow', 'by'] as const satisfies NameKind[]
export const measureKinds = ['cost', 'tokens', 'duration', 'started'] as const
export type MeasureKind = (typeof measureKinds)[number]

/** For what each means, see match.ts. */
export type SearchTerm = { isNot: boolean } & (
  | {
      kind: 'words'
      /** At least one, in a row, as `tokens` writes words. */
      words: string[]
      isBegun?: boolean
      /** What was typed, where that could be (the start of) an id. */
      id?: string
    }
  | {
      kind: 'field'
      side: Side
      /** From the outside in. None: the whole payload. */
      path: string[]
      compare: Comparison
      value: string
    }
  | { kind: NameKind; values: string[] }
  | { kind: MeasureKind; compare: Comparison; value: string }
  | { kind: 'error' | 'cause'; value: string }
  | { kind: 'id'; value: string; isWhole?: boolean }
  /** Two or more, none of them of this kind. */
  | { kind: 'any'; terms: SearchTerm[] }
)

/** After `:`, for any value. */
export const anyValue = '*'

export const quotes = '"“”„'
const bareName = /^[^\s.:<>=!"“”„]+$/
const bareValue = /^[^\s:<>="“”„]\S*$/
const bareItem = /^[^\s:<>=,"“”„][^\s,]*$/

export const isBegun = (text: string): boolean => text.endsWith('*')

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
      const isBare = term.words.length === 1 && (term.isBegun || !couldBeId(words))
      return isBare ? words : quoted(words)
    }
    case 'status':
    case 'agent':
    case 'workflow':
    case 'by':
      return `${term.kind}:${term.values.map((value) => (bareItem.test(value) ? value : quoted(value))).join(',')}`
    case 'field':
      return writeFieldName(term.side, term.path) + term.compare + writeValue(term.value)
    case 'id':
      return `id${term.isWhole ? '=' : ':'}${isBegun(term.value) ? quoted(term.value) : writeValue(term.value)}`
    case 'error':
    case 'cause':
      return `${term.kind}:${writeValue(term.value)}`
    default:
      return term.kind + term.compare + writeValue(term.value)
  }
}

const writeValue = (value: string) => (bareValue.test(value) ? value : quoted(value))

/** `in.topic`, `out."my field".score` */
export function writeFieldName(side: Side, path: string[]): string {
  return [side, ...path.map((name) => (bareName.test(name) ? name : quoted(name)))].join('.')
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
