import { readFile } from 'node:fs/promises'
import type { Clock } from '../clock.ts'

const againMs = 5000

/** Reads a small file of the system when it is asked for, and again when some time has passed; a missing one is empty. */
export function createReadAgain<T>(path: string, parse: (text: string) => T, clock: Clock): () => Promise<T> {
  let read: Promise<T> | undefined
  let readAt = 0
  return () => {
    if (read === undefined || clock.elapsed() - readAt >= againMs) {
      readAt = clock.elapsed()
      read = readFile(path, 'utf8').then(parse, () => parse(''))
    }
    return read
  }
}
