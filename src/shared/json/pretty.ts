import { readableJson } from './escapes.ts'
import { type JsonToken, jsonDepth, jsonTokens } from './tokens.ts'

const maxDepth = 40
const maxLineLength = 72

/** Lays JSON out for reading and editing; short lists and objects stay on one line. */
export function prettyJson(text: string, { open = false } = {}): string {
  return laidOut(readableJson(text), open)
}

function laidOut(text: string, open: boolean): string {
  if (jsonDepth(text) > maxDepth) return text
  const tokens = [...jsonTokens(text)]
  let result = ''
  let depth = 0
  let inlineTo = -1
  tokens.forEach(({ kind, start, end }, index) => {
    const breakLine = () => {
      result += index > inlineTo ? `\n${'  '.repeat(depth)}` : kind === 'comma' ? ' ' : ''
    }
    if (kind === 'open' && index > inlineTo && !(open && index === 0)) inlineTo = endOfShort(tokens, index)
    if (kind === 'close') depth--
    if (kind === 'close' && tokens[index - 1]?.kind !== 'open') breakLine()
    result += kind === 'colon' ? ': ' : text.slice(start, end)
    if (kind === 'open') depth++
    if (kind === 'comma' || (kind === 'open' && tokens[index + 1]?.kind !== 'close')) breakLine()
  })
  return result
}

function endOfShort(tokens: JsonToken[], open: number): number {
  let depth = 0
  let width = 0
  for (let index = open; index < tokens.length && width <= maxLineLength; index++) {
    const { kind, start, end } = tokens[index]!
    width += end - start + (kind === 'comma' || kind === 'colon' ? 1 : 0)
    if (kind === 'open') depth++
    if (kind === 'close' && --depth === 0) return width <= maxLineLength ? index : -1
  }
  return -1
}
