import { jsonEntries, looseValue } from '../../../shared/json.ts'

const minNumberLength = 4

/** All texts and long numbers in these JSON values, longest first. */
export function secretTexts(values: string[]): string[] {
  const texts = new Set<string>()
  const collect = (json: string) => {
    if (json.startsWith('"')) texts.add(looseValue(json) as string)
    else if (/^[[{]/.test(json)) for (const [, inner] of jsonEntries(json)) collect(inner)
    else if (/^-?\d/.test(json) && json.length >= minNumberLength) texts.add(json)
  }
  for (const json of values) collect(json)
  texts.delete('')
  return [...texts].sort((a, b) => b.length - a.length)
}

/** The texts in `sent` that are not at the same path in `stored`. */
export function withheldTexts(sent: string, stored: string): string[] {
  return secretTexts(missing(sent, stored))
}

function missing(sent: string, stored: string | undefined): string[] {
  if (sent === stored) return []
  if (stored === undefined || !/^\s*[[{]/.test(sent)) return [sent]
  const kept = [...jsonEntries(stored)]
  const byName = sent.trimStart().startsWith('{') ? new Map(kept) : undefined
  const inner = [...jsonEntries(sent)]
  return inner.flatMap(([name, value], index) => missing(value, byName ? byName.get(name) : kept[index]?.[1]))
}
