import { readFileSync } from 'node:fs'

const reasons: Record<string, string> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this program',
  EISDIR: 'is a folder',
}

/** Without its last line break, which editors add. Throws what is wrong with the file, to go after its name. */
export function readSecretFile(path: string): string {
  const secret = read(path).replace(/\r?\n$/, '')
  if (secret === '') throw new Error('is empty')
  return secret
}

function read(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw new Error('must hold text in UTF-8')
    throw new Error(reasons[code] ?? `cannot be read (${code})`)
  }
}
