import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SecretKeyError, SecretKeyMissingError, StoreOpenError } from '../shared/errors.ts'
import { parseKey } from '../shared/secrets/key-text.ts'
import { keyBytes } from '../shared/secrets/seal.ts'
import type { SecretKey } from './ports/secret-key.ts'

const name = 'secret.key'

/** `given` is the setting; without it, the key is in a file beside the database, which is made when it is first needed.
 * Throws StoreOpenError where others can read that file. */
export function openSecretKey(given: string, database: string, random: (bytes: number) => Uint8Array): SecretKey {
  if (given !== '') return givenSecretKey(given)
  const path = join(dirname(database), name)
  let key = readKey(path)
  return {
    known: () => key,

    needed() {
      key ??= readKey(path) ?? makeKey(path, random(keyBytes))
      return key
    },
  }
}

/** The same where nothing is beside the database: then the key is the setting, or there is none. */
export function givenSecretKey(given: string): SecretKey {
  const set = parseKey(given)
  return {
    known: () => set,
    needed() {
      if (set) return set
      throw new SecretKeyMissingError()
    },
  }
}

function readKey(path: string): Uint8Array | undefined {
  const text = read(path)
  // A power cut may leave it empty while it is made: nothing is encrypted by it yet.
  if (text === undefined || text === '') return undefined
  refuseReadableByOthers(path)
  const key = parseKey(text)
  if (key) return key
  throw new StoreOpenError(
    `${path} is not a key. Put back the one that was there, or remove it and enter the credentials of agents again.`,
  )
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new StoreOpenError(`${path} holds the key of saved credentials, and cannot be read (${code}).`)
  }
}

/** Windows has no such modes. */
function refuseReadableByOthers(path: string): void {
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return
  throw new StoreOpenError(
    `${path} holds the key of saved credentials, and other users can read it. Run "chmod 600 ${path}", then start again.`,
  )
}

function makeKey(path: string, key: Uint8Array): Uint8Array {
  try {
    const fd = openSync(path, 'w', 0o600)
    try {
      chmodSync(path, 0o600)
      writeSync(fd, `${Buffer.from(key).toString('hex')}\n`)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    return key
  } catch (error) {
    throw new SecretKeyError(path, (error as NodeJS.ErrnoException).code ?? 'unknown error')
  }
}
