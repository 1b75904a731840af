import { type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { AppError } from '../../shared/errors.ts'
import { createSlots } from '../../shared/slots/slots.ts'

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)
/** What OWASP asks for. */
export const usualLogCost = 17
const keyBytes = 32
const saltBytes = 16
const blockSize = 8
/** One takes 128 MiB and a third of a second. */
const atOnce = 2
const maxWaiting = 30
const maxLogCost = 20

export type Passwords = {
  /** In PHC format. */
  hash(password: string): Promise<string>
  /** Takes as long without a hash: who is known must not show by the time. */
  isRight(password: string, hash: string | null | undefined): Promise<boolean>
}

/** scrypt, whose cost is 2 to the power of `logCost`. Throws `busy` where too many wait. */
export function createPasswords(deps: { logCost: number; randomHex: (bytes: number) => string }): Passwords {
  const { logCost, randomHex } = deps
  const slots = createSlots(atOnce, atOnce)
  const never = new AbortController().signal
  let waiting = 0

  async function keyOf(password: string, salt: Buffer, logN: number): Promise<Buffer> {
    if (waiting >= maxWaiting)
      throw new AppError('busy', 503, 'Too many people are logging in right now. Try again in a moment.')
    waiting++
    const slot = await slots.take('password', '', never)
    try {
      const N = 2 ** logN
      // One way to type a letter must not differ from another.
      return await derive(password.normalize('NFKC'), salt, keyBytes, {
        N,
        r: blockSize,
        p: 1,
        maxmem: 256 * N * blockSize,
      })
    } finally {
      waiting--
      slot!.release()
    }
  }

  const written = (salt: Buffer, key: Buffer) =>
    `$scrypt$ln=${logCost},r=${blockSize},p=1$${unpadded(salt)}$${unpadded(key)}`
  const newSalt = () => Buffer.from(randomHex(saltBytes), 'hex')
  const ofNobody = written(newSalt(), Buffer.alloc(keyBytes))

  return {
    async hash(password) {
      const salt = newSalt()
      return written(salt, await keyOf(password, salt, logCost))
    },

    async isRight(password, hash) {
      const read = readHash(hash ?? ofNobody)
      if (!read) return false
      const key = await keyOf(password, read.salt, read.logCost)
      return timingSafeEqual(key, read.key) && hash != null
    },
  }
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')

function readHash(hash: string): { logCost: number; salt: Buffer; key: Buffer } | undefined {
  const [, ln, salt, key] = /^\$scrypt\$ln=(\d+),r=8,p=1\$([\w+/]+)\$([\w+/]{43})$/.exec(hash) ?? []
  if (ln === undefined || Number(ln) > maxLogCost || Number(ln) < 1) return undefined
  return { logCost: Number(ln), salt: Buffer.from(salt!, 'base64'), key: Buffer.from(key!, 'base64') }
}
