import { keyBytes } from './seal.ts'

/** Reads 64 hexadecimal digits, or base64 of 32 bytes; undefined for anything else. */
export function parseKey(text: string): Uint8Array | undefined {
  const given = text.trim()
  if (/^[\da-f]{64}$/i.test(given)) return Buffer.from(given, 'hex')
  const key = /^[\w+/-]{43}=?$/.test(given) ? Buffer.from(given, 'base64') : undefined
  return key?.length === keyBytes ? key : undefined
}
