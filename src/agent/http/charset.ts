import { AgentFailure } from './failure.ts'

const marks: [bytes: number[], charset: string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0xff, 0xfe], 'utf-16le'],
]

/** The text in the charset of its byte order mark or content type, else in UTF-8. Throws AgentFailure. */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  const marked = marks.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))?.[1]
  const declared = marked ?? declaredIn(contentType)
  const charset = declared === undefined || /^utf-?16$/i.test(declared) ? (unmarked(bytes) ?? declared) : declared
  const decoder = charset === undefined ? undefined : decoderFor(charset)
  try {
    const text = (decoder ?? new TextDecoder('utf-8', { fatal: true })).decode(bytes)
    if (decoder || charset === undefined || !noText.test(text)) return text
  } catch {
    // Reported below.
  }
  throw new AgentFailure('charset', reasonFor(declared, decoder?.encoding))
}

/** Never in text, but in UTF-32 and other unknown charsets that otherwise look like UTF-8. */
const noText = /[\0-\x08\x0e-\x1f]/

/** UTF-16 without a mark: JSON starts with an ASCII character. */
function unmarked([first, second, third, fourth]: Uint8Array): string | undefined {
  if (first === 0 && isAscii(second)) return 'utf-16be'
  return second === 0 && isAscii(first) && (third !== 0 || fourth !== 0) ? 'utf-16le' : undefined
}

const isAscii = (byte = 0) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d)

function reasonFor(declared: string | undefined, encoding: string | undefined): string {
  const name = declared?.slice(0, 40)
  if (name === undefined) return 'its answer is not in UTF-8, and it declares no other charset'
  if (encoding !== undefined) return `its answer is not in ${name}, the charset that it declares`
  return `its answer is in the charset "${name}", which cannot be read`
}

function declaredIn(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(contentType)?.slice(1).find(Boolean)?.trim()
}

/** Undefined for an unknown charset. US-ASCII is part of UTF-8. */
function decoderFor(charset: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(/^(us-)?ascii$/i.test(charset) ? 'utf-8' : charset, { fatal: true })
  } catch {
    return undefined
  }
}
