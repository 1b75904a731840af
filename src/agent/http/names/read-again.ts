import { readFile, stat } from 'node:fs/promises'
import type { Clock } from '../../../shared/time/clock.ts'

const againMs = 5000

/** Reads a file again only when it has changed: some hosts files have 150,000 lines. A missing file is empty. */
export function createReadAgain<T>(path: string, parse: (text: string) => T, clock: Clock): () => Promise<T> {
  let read: Promise<T> | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  let known: { as: string; value: T } | undefined

  async function readChanged(): Promise<T> {
    const as = await stat(path, { bigint: true }).then(
      ({ ino, size, mtimeNs }) => `${ino}.${size}.${mtimeNs}`,
      () => 'missing',
    )
    if (known?.as !== as) known = { as, value: parse(await readFile(path, 'utf8').catch(() => '')) }
    return known.value
  }

  return () => {
    if (read === undefined || clock.elapsed() - lookedAt >= againMs) {
      lookedAt = clock.elapsed()
      read = readChanged()
    }
    return read
  }
}
