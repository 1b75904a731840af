import type { Comparison, Difference, Step } from '../../orchestrator/compare/json.ts'
import type { TextPiece } from '../../orchestrator/compare/text-diff.ts'
import type { Run } from '../../orchestrator/runs/runs.ts'
import { readableJson, readableText } from '../../shared/json/escapes.ts'
import { plural } from '../../shared/plural.ts'
import { type JsonSpan, presentJson } from '../format/json-text.ts'
import { formatNumber } from '../format/numbers.ts'

type CellPiece = { kind: JsonSpan['kind'] | 'removed' | 'added' | 'gap'; text: string }

const marks = {
  same: { word: 'Same', tone: 'idle' },
  changed: { word: 'Changed', tone: 'waiting' },
  added: { word: 'Added', tone: 'good' },
  removed: { word: 'Removed', tone: 'bad' },
}
const maxCellLength = 3000
const maxSameLength = 320
const keptOfSame = 120

export function presentDifferences(name: 'inputs' | 'outputs', comparison: Comparison, a: Run, b: Run) {
  const { differences, isCut } = comparison
  return {
    id: name,
    title: name === 'inputs' ? 'Inputs' : 'Outputs',
    summary: summaryOf(comparison),
    sentence: sentenceOf(name, comparison, !a[name] ? 'A' : !b[name] ? 'B' : ''),
    cut: isCut ? `Only the first ${formatNumber(differences.length)} differences are shown.` : '',
    hasSame: differences.some(({ kind }) => kind === 'same') && differences.some(({ kind }) => kind !== 'same'),
    rows: differences.map(presentDifference),
  }
}

function presentDifference(difference: Difference) {
  const { kind, path, a, b, more, pieces } = difference
  const mark = { kind, ...marks[kind] }
  const row = { path: pathText(path, more), mark }
  if (kind === 'same') {
    const both = more > 0 ? [{ kind: 'gap' as const, text: `${formatNumber(more + 1)} items` }] : shownValue(a)
    return { ...row, both, a: undefined, b: undefined }
  }
  return {
    ...row,
    both: undefined,
    a: pieces ? sideOf(pieces, 'removed') : a === undefined ? undefined : shownValue(a),
    b: pieces ? sideOf(pieces, 'added') : b === undefined ? undefined : shownValue(b),
  }
}

/** `sources[2].url`, `["odd name"]`, `sources[0…41]`. */
function pathText(path: Step[], more: number): string {
  if (path.length === 0) return 'Whole value'
  return path
    .map((step, index) => {
      const isLast = index === path.length - 1
      if (typeof step === 'number') return isLast && more > 0 ? `[${step}…${step + more}]` : `[${step}]`
      if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(step)) return `[${JSON.stringify(step)}]`
      return index === 0 ? step : `.${step}`
    })
    .join('')
}

function shownValue(json = ''): CellPiece[] {
  const shown = json.slice(0, maxCellLength)
  const isText = json.startsWith('"')
  if (shown.length < json.length) {
    const text = isText ? readableText(shown) : readableJson(shown)
    return [{ kind: 'plain', text }, gap(json.length - shown.length, 'more')]
  }
  return isText ? [{ kind: 'string', text: readableText(json) }] : presentJson(json).spans
}

function gap(characters: number, which: string): CellPiece {
  return {
    kind: 'gap',
    text: `… ${plural(characters, `${which} character`)} …`,
  }
}

function sideOf(pieces: TextPiece[], own: 'removed' | 'added'): CellPiece[] {
  let left = maxCellLength
  let hidden = 0
  const cell: CellPiece[] = []
  for (const { kind, text } of pieces.filter((piece) => piece.kind === 'same' || piece.kind === own)) {
    if (kind === 'same' && text.length > maxSameLength) {
      cell.push({ kind: 'plain', text: text.slice(0, keptOfSame) }, gap(text.length - 2 * keptOfSame, 'same'))
      cell.push({ kind: 'plain', text: text.slice(-keptOfSame) })
      left -= 2 * keptOfSame
    } else {
      const shown = text.slice(0, Math.max(0, left))
      if (shown !== '') cell.push({ kind: kind === 'same' ? 'plain' : kind, text: shown })
      hidden += text.length - shown.length
      left -= shown.length
    }
  }
  return hidden > 0 ? [...cell, gap(hidden, 'more')] : cell
}

/** `2 changed, 1 added · 5 the same`. */
function summaryOf({ differences, isCut }: Comparison): string {
  const count = (kind: Difference['kind']) =>
    differences.filter((one) => one.kind === kind).reduce((sum, { more }) => sum + 1 + more, 0)
  const changes = (['changed', 'added', 'removed'] as const)
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${formatNumber(count(kind))}${isCut ? '+' : ''} ${kind}`)
  const same = count('same') > 0 ? `${formatNumber(count('same'))} the same` : ''
  return [changes.join(', '), same].filter(Boolean).join(' · ')
}

function sentenceOf(name: string, { by, isSame, tooLarge }: Comparison, without: string): string {
  if (tooLarge) {
    const sizes = `${formatNumber(tooLarge.a)} and ${formatNumber(tooLarge.b)} characters`
    return isSame
      ? `Both have the same ${name}, character by character. They are too large to show here (${sizes}).`
      : `The ${name} differ. They are too large to compare value by value (${sizes}). Download both to compare them.`
  }
  if (by === 'nothing') return `Neither run has ${name}.`
  if (without) return `Run ${without} has no ${name}.`
  if (isSame) return `Both have the same ${name}.`
  return by === 'texts' ? `The ${name} are not both JSON, so they are compared as text.` : ''
}
