import { jsonLimits, scanJson } from './scan.ts'

/** Why `text` is not JSON, or beyond jsonLimits, as a sentence with line and column. */
export function jsonError(text: string): string | undefined {
  const { problem } = scanJson(text)
  if (problem === undefined) return undefined
  if (problem.kind !== 'syntax') return presentExcess(problem.kind)
  const before = text.slice(0, problem.at).split('\n')
  const where = `line ${before.length}, column ${before.at(-1)!.length + 1}`
  if (text.trim() === '') return 'Enter JSON.'
  return problem.at >= text.trimEnd().length
    ? `This is not valid JSON: it ends too early, at ${where}.`
    : `This is not valid JSON: unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(problem.at)!))} at ${where}.`
}

export function presentExcess(kind: 'deep' | 'many'): string {
  return kind === 'deep'
    ? `This JSON is nested deeper than ${jsonLimits.depth.toLocaleString('en-US')} levels.`
    : `This JSON has more than ${jsonLimits.values.toLocaleString('en-US')} values and names.`
}
