import { tokens } from '../../../shared/search/words.ts'
import type { NameKind } from '../../../store/ports/run-selection.ts'
import { isIdStart } from './ids.ts'
import { measureError } from './measures.ts'
import {
  match,
  misplacedStar,
  noNot,
  nothingAfter,
  noWord,
  type Read,
  readList,
  readSign,
  readValue,
} from './pieces.ts'
import { anyValue, type Comparison, type MeasureKind, measureKinds, nameKinds } from './terms.ts'

type Kind = NameKind | MeasureKind | 'error' | 'id' | 'cause'

const runField =
  /(?:status|agent|workflow|by|error|cause|id|cost|tokens|duration|started)(?=[:<>=]|!=|\s+(?:[<>=]|!=))/y

const examples: Record<Kind, string> = {
  status: 'status:failed',
  agent: 'agent:writer',
  workflow: 'workflow:"Article writer"',
  by: 'by:ada',
  error: 'error:refused',
  cause: 'cause:"connection refused"',
  id: 'id:019ac3f2',
  cost: 'cost>0.05',
  tokens: 'tokens>1000',
  duration: 'duration>5m',
  started: 'started>2026-11-01',
}

/** `status:failed,lost`, `cost > 0.05`, `id:019ac3f2`. */
export function readRunField(text: string, at: number): Read | undefined {
  const kind = match(runField, text, at) as Kind | undefined
  const read = kind && readSign(text, at + kind.length, true)
  if (!kind || !read) return undefined
  const { sign, end: after } = read
  if (sign === '!=') return noNot(kind, at + kind.length)
  if (isMeasure(kind)) return readMeasure(text, at, kind, sign as Comparison, after)
  const takesEquals = isName(kind) || kind === 'id'
  if (sign !== ':' && !(takesEquals && sign === '=')) {
    return { error: `Write ${kind} with a colon, as in ${examples[kind]}.`, at: after - sign.length }
  }
  if (isName(kind)) return readNames(text, at, kind, after)
  const value = readValue(text, after)
  if ('error' in value) return value
  if (value.text === '' && !(kind === 'cause' && value.isQuoted)) return nothingAfter(text.slice(at, after), after)
  if (kind === 'id') {
    const id = sign === ':' && !value.isQuoted ? value.text.replace(/\*$/, '') : value.text
    if (id === '') return nothingAfter(text.slice(at, after), after)
    const isWhole = sign === '=' && !isIdStart(id)
    return { term: { kind, value: id, ...(isWhole && { isWhole }) }, end: value.end }
  }
  if (kind === 'error' && value.text !== anyValue) {
    if (tokens(value.text).length === 0) return noWord(value.text, after)
    const error = misplacedStar(value.text, value.isQuoted, after)
    if (error) return error
  }
  return { term: { kind, value: value.text }, end: value.end }
}

function readNames(text: string, at: number, kind: NameKind, after: number): Read {
  const list = readList(text, after)
  if ('error' in list) return list
  if (list.texts.length === 0) return nothingAfter(text.slice(at, after).trimEnd(), after)
  return { term: { kind, values: list.texts }, end: list.end }
}

function readMeasure(text: string, at: number, kind: MeasureKind, sign: Comparison, after: number): Read {
  const value = readValue(text, after)
  if ('error' in value) return value
  if (value.text === '') return nothingAfter(text.slice(at, after).trimEnd(), after)
  if (sign === ':' && value.text === anyValue) return { term: { kind, compare: ':', value: anyValue }, end: value.end }
  const error = measureError(kind, value.text)
  if (error !== undefined) return { error, at: after }
  return { term: { kind, compare: sign === ':' ? '=' : sign, value: value.text }, end: value.end }
}

const isMeasure = (kind: Kind): kind is MeasureKind => measureKinds.some((one) => one === kind)
const isName = (kind: Kind): kind is NameKind => nameKinds.some((one) => one === kind)
