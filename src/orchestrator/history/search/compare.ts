import { compareDecimals, isNumeric } from '../../../shared/decimals.ts'
import { writtenNumber } from '../../../shared/json/payload.ts'
import { caseless, inSpaces, isInRow, tokens } from '../../../shared/search/words.ts'
import type { FieldTerm } from './indexed-words.ts'
import { isBegun } from './terms.ts'

/** Whether a single value passes the comparison of a term. `isExact`: numbers are compared by their digits. */
export function comparisonWith({ compare, value }: FieldTerm, isExact: boolean): (leaf: unknown) => boolean {
  const isNumber = isNumeric(value)
  const text = caseless(value)
  const compareTo = isExact
    ? (leaf: string) => compareDecimals(leaf, value)
    : (leaf: string) => Number(leaf) - Number(value)
  const isSame = (leaf: unknown) => {
    const number = isNumber ? numberIn(leaf) : undefined
    return number === undefined ? typeof leaf !== 'string' && String(leaf) === text : compareTo(number) === 0
  }
  if (compare === ':') {
    const words = tokens(value)
    return (leaf) => (typeof leaf === 'string' ? isInRow(inSpaces(tokens(leaf)), words, isBegun(value)) : isSame(leaf))
  }
  if (compare === '=') return (leaf) => (typeof leaf === 'string' && caseless(leaf) === text) || isSame(leaf)
  const isRight = order[compare]
  return (leaf) => {
    const number = numberIn(leaf)
    if (isNumber) return number !== undefined && isRight(compareTo(number))
    if (number !== undefined || typeof leaf !== 'string') return false
    const other = caseless(leaf)
    return isRight(other < text ? -1 : other > text ? 1 : 0)
  }
}

const order = {
  '>': (sign: number) => sign > 0,
  '<': (sign: number) => sign < 0,
  '>=': (sign: number) => sign >= 0,
  '<=': (sign: number) => sign <= 0,
}

function numberIn(leaf: unknown): string | undefined {
  if (typeof leaf === 'number') return String(leaf)
  if (typeof leaf === 'string') return isNumeric(leaf) ? leaf : undefined
  return writtenNumber(leaf)
}
