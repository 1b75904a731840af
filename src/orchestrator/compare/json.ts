import { type Difference, findDifferences } from './differences.ts'
import { type Identities, readJsonValue } from './json-value.ts'
import { diffTexts } from './text-diff.ts'

export type { Difference, Step } from './differences.ts'

export type Comparison = {
  /** `texts`: one of them is no JSON. */
  by: 'values' | 'texts' | 'nothing'
  isSame: boolean
  differences: Difference[]
  isCut: boolean
  tooLarge: { a: number; b: number } | undefined
}

const maxLength = 256 * 1024
const maxSteps = 1_000_000

/** Null where nothing was recorded. */
export function comparePayloads(a: string | null, b: string | null): Comparison {
  const isSame = (a ?? '') === (b ?? '')
  const nothing = { isSame, differences: [], isCut: false, tooLarge: undefined }
  if (a === null && b === null) return { ...nothing, by: 'nothing' }
  const lengths = { a: a?.length ?? 0, b: b?.length ?? 0 }
  if (lengths.a > maxLength || lengths.b > maxLength) return { ...nothing, by: 'nothing', tooLarge: lengths }
  const identities: Identities = new Map()
  const from = a === null ? undefined : readJsonValue(a, identities)
  const to = b === null ? undefined : readJsonValue(b, identities)
  if (from === 'too much' || to === 'too much') return { ...nothing, by: 'nothing', tooLarge: lengths }
  if (from === 'no JSON' || to === 'no JSON') return compareTexts(a ?? '', b ?? '')
  const found = findDifferences(from, to, maxSteps)
  return { by: 'values', isSame: from?.identity === to?.identity, ...found, tooLarge: undefined }
}

function compareTexts(a: string, b: string): Comparison {
  const pieces = diffTexts(a, b, { steps: maxSteps })
  const difference: Difference = { kind: a === b ? 'same' : 'changed', path: [], a, b, more: 0, pieces }
  return { by: 'texts', isSame: a === b, differences: [difference], isCut: false, tooLarge: undefined }
}
