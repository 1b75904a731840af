import { AgentFailure } from './failure.ts'

const marks: [bytes: number[], charset: string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0xff, 0xfe], 'utf-16le'],
]

/**
 * The text of an answer: in the charset that a mark at its beginning or else its content type declares, UTF-8 when there
 * is neither. Throws AgentFailure for what is no such text, rather than losing what was meant.
 */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  const marked = marks.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))?.[1]
  const declared = marked ?? declaredIn(contentType)
  const decoder = declared === undefined ? undefined : decoderFor(declared)
  try {
    return (decoder ?? new TextDecoder('utf-8', { fatal: true })).decode(bytes)
  } catch {
    throw new AgentFailure('charset', reasonFor(declared, decoder?.encoding))
  }
}

function reasonFor(declared: string | undefined, encoding: string | undefined): string {
  const name = declared?.slice(0, 40)
  if (encoding !== undefined) return `its answer is not in ${name}, the charset that it declares`
  if (name === undefined) return 'its answer is not in UTF-8, and it declares no other charset'
  return `its answer is in the charset "${name}", which cannot be read`
}

function declaredIn(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(contentType)?.slice(1).find(Boolean)?.trim()
}

/** Undefined for a charset that nobody knows. US-ASCII is part of UTF-8, which is what those who declare it mean. */
function decoderFor(charset: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(/^(us-)?ascii$/i.test(charset) ? 'utf-8' : charset, { fatal: true })
  } catch {
    return undefined
  }
}
