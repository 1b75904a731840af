import { createCipheriv, createDecipheriv } from 'node:crypto'

export const keyBytes = 32
export const ivBytes = 12
const tagBytes = 16
const version = 'v1:'
const cipherName = 'aes-256-gcm'

/** `iv` is random, and used once. The text can be opened only with the same key and `context`. */
export function seal(text: string, { key, iv, context }: { key: Uint8Array; iv: Uint8Array; context: string }): string {
  const cipher = createCipheriv(cipherName, key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(context))
  const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return version + sealed.toString('base64')
}

/** Undefined where the key or the context is another, or the text was changed. */
export function unseal(sealed: string, { key, context }: { key: Uint8Array; context: string }): string | undefined {
  const bytes = Buffer.from(sealed.slice(version.length), 'base64')
  if (!sealed.startsWith(version) || bytes.length < ivBytes + tagBytes) return undefined
  const iv = bytes.subarray(0, ivBytes)
  const decipher = createDecipheriv(cipherName, key, iv, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-tagBytes))
  try {
    const text = decipher.update(bytes.subarray(ivBytes, -tagBytes))
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}
