import { readableJson } from '../../shared/json/escapes.ts'
import { isJson, type JsonToken, jsonTokens } from '../../shared/json.ts'

export type JsonSpan = { kind: 'name' | 'string' | 'number' | 'word' | 'plain'; text: string }

export type JsonText = {
  spans: JsonSpan[]
  hiddenCharacters: number
}

/** Longer texts are for download. */
const maxShown = 64 * 1024
/** In characters of HTML, roughly: small values become many times as long. */
const maxLaidOut = 128 * 1024
const spanCharacters = 35
const inlineWidth = 72

/** Lays JSON out for reading, digits unchanged, `\u` escapes as letters. Other text (Python's reprs) stays as it is. */
export function presentJson(text: string, isReadable = isJson(text)): JsonText {
  const shown = text.slice(0, maxShown)
  if (!isReadable) return { spans: [{ kind: 'plain', text: shown }], hiddenCharacters: text.length - shown.length }
  const { spans, end } = layOut(shown)
  return { spans, hiddenCharacters: text.length - end }
}

function layOut(text: string): { spans: JsonSpan[]; end: number } {
  const spans: JsonSpan[] = []
  const tokens = [...jsonTokens(text)]
  let laidOut = 0
  const add = (kind: JsonSpan['kind'], piece: string) => {
    laidOut += piece.length
    const last = spans.at(-1)
    if (last?.kind === kind) last.text += piece
    else {
      spans.push({ kind, text: piece })
      laidOut += spanCharacters
    }
  }
  let depth = 0
  let inlineUntil = -1
  const newLine = (index: number) => {
    if (index > inlineUntil) add('plain', `\n${'  '.repeat(Math.min(depth, 100))}`)
    else add('plain', ' ')
  }
  const addToken = ({ kind, start, end }: JsonToken, index: number) => {
    const piece = text.slice(start, end)
    const next = tokens[index + 1]
    switch (kind) {
      case 'open':
        depth++
        add('plain', piece)
        if (index > inlineUntil) inlineUntil = endOfShortList(tokens, index, text)
        if (next?.kind !== 'close') newLine(index)
        return
      case 'close':
        depth--
        if (tokens[index - 1]?.kind !== 'open') newLine(index)
        add('plain', piece)
        return
      case 'comma':
        add('plain', piece)
        newLine(index)
        return
      case 'colon':
        add('plain', ': ')
        return
      case 'string':
        add(next?.kind === 'colon' ? 'name' : 'string', readableJson(piece))
        return
      case 'literal':
        add(/^[-\d]/.test(piece) ? 'number' : 'word', piece)
    }
  }
  for (const [index, token] of tokens.entries()) {
    if (laidOut > maxLaidOut) return { spans, end: token.start }
    addToken(token, index)
  }
  return { spans, end: text.length }
}

function endOfShortList(tokens: { kind: string; start: number; end: number }[], open: number, text: string): number {
  const first = tokens[open]!
  if (text[first.start] !== '[') return -1
  for (let index = open + 1; index < tokens.length; index++) {
    const token = tokens[index]!
    if (token.kind === 'open' || token.end - first.start > inlineWidth) return -1
    if (token.kind === 'close') return index
  }
  return -1
}
