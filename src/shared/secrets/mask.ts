import { isJson, jsonTokens, looseValue } from '../json.ts'
import { charactersAt, escapeMarks } from './written-characters.ts'

export const mask = '••••'

/** A shorter secret is often a part of other words, so only whole words are masked. */
const minLength = 4
/** A shorter one is in base64 by chance. */
const minEncodedLength = 6

export type SecretMask = {
  text(text: string): string
  /** JSON stays JSON; without a secret in it, the same to the byte. What is no JSON is masked as a text. */
  json(text: string): string
}

/** Masks `secrets`, longest first, as they are, escaped, in base64, or in hexadecimal digits. */
export function createSecretMask(secrets: string[]): SecretMask {
  const byFirst = new Map<string, string[][]>()
  for (const secret of secrets) {
    const characters = Array.from(secret.replaceAll('\\', ''))
    const [first] = characters
    if (first !== undefined) byFirst.set(first, [...(byFirst.get(first) ?? []), characters])
  }
  const encoded = secrets.flatMap(inOtherLetters)
  const exact = new Set(secrets)

  function masked(text: string): string {
    const plain = encoded.reduce((all, secret) => all.replaceAll(secret, mask), text)
    let result = ''
    let copied = 0
    for (let at = 0; at < plain.length; at++) {
      const character = plain[at]!
      if (!byFirst.has(character) && !escapeMarks.has(character) && !isSurrogate(character)) continue
      const start = at
      if (character === '\\') while (plain[at + 1] === character) at++
      const end = secretEnd(plain, at)
      if (end === undefined) continue
      result += plain.slice(copied, start) + mask
      copied = end
      at = end - 1
    }
    return result + plain.slice(copied)
  }

  function secretEnd(text: string, at: number): number | undefined {
    for (const { character, end } of charactersAt(text, at)) {
      for (const secret of byFirst.get(character) ?? []) {
        const found = restEnd(text, end, secret)
        if (found !== undefined && (secret.length >= minLength || isWord(text, at, found))) return found
      }
    }
    return undefined
  }

  return {
    text: masked,

    json(text) {
      if (!isJson(text)) return masked(text)
      let result = ''
      let copied = 0
      for (const { kind, start, end } of jsonTokens(text)) {
        if (kind !== 'string' && kind !== 'literal') continue
        const written = text.slice(start, end)
        const value = kind === 'string' ? looseValue(written) : written
        if (typeof value !== 'string') continue
        const left = kind === 'string' ? masked(value) : exact.has(value) ? mask : value
        if (left === value) continue
        result += text.slice(copied, start) + JSON.stringify(left)
        copied = end
      }
      return result + text.slice(copied)
    },
  }
}

/** A text may be cut off in the middle of a secret. */
function restEnd(text: string, from: number, secret: string[]): number | undefined {
  let reached = new Set([from])
  for (let index = 1; index < secret.length; index++) {
    const isCutOff = index >= minLength && reached.has(text.length)
    if (isCutOff) return text.length
    const ends = [...reached].flatMap((at) => charactersAt(text, at))
    reached = new Set(ends.filter(({ character }) => character === secret[index]).map(({ end }) => end))
    if (reached.size === 0) return undefined
  }
  return Math.max(...reached)
}

function isSurrogate(character: string): boolean {
  return character >= '\ud800' && character <= '\udbff'
}

const wordCharacter = /[\p{L}\p{N}]/u

function isWord(text: string, start: number, end: number): boolean {
  return !wordCharacter.test(text[start - 1] ?? '') && !wordCharacter.test(text[end] ?? '')
}

/** Also where that is in a URL in turn. */
function inOtherLetters(secret: string): string[] {
  const bytes = Buffer.from(secret)
  if (bytes.length < minEncodedLength) return []
  const hex = bytes.toString('hex')
  const inUrl = (text: string) => [encodeURIComponent(text), encodeURIComponent(text).replace(/%../g, lowerCase)]
  const base64 = inBase64(bytes).flatMap((text) => [...inUrl(encodeURIComponent(text)), ...inUrl(text), text])
  return [...new Set([...base64, hex, hex.toUpperCase()])]
}

const lowerCase = (text: string) => text.toLowerCase()

/** Alone, and then what does not depend on where in a longer text the secret is, in both alphabets of base64. */
function inBase64(bytes: Buffer): string[] {
  const parts = [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes])
    const own = [Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6)] as const
    return [whole.toString('base64').slice(...own), whole.toString('base64url').slice(...own)]
  })
  return [bytes.toString('base64'), ...parts]
}
