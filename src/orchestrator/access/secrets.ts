import { hash } from 'node:crypto'

const bytes = 32

/** What a browser or program holds. Only its hash is kept. */
export function newSecret(prefix: string, randomHex: (bytes: number) => string): string {
  return prefix + Buffer.from(randomHex(bytes), 'hex').toString('base64url')
}

/** A fast one: a secret has 256 random bits, which nobody guesses. */
export function hashOfSecret(secret: string): string {
  return hash('sha256', secret, 'base64url')
}
