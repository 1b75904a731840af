import { mkdtempSync, realpathSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Holds every file that tests write. */
    temporary: string
  }
}

const wantedBytes = 2 ** 30

/**
 * In memory where there is room: a test waits for the disk dozens of times, as each commit is synced. Containers often
 * have 64 MB there, which is too little.
 */
export function fastestFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    if (bavail * bsize > wantedBytes) return '/dev/shm'
  } catch {
    // There is none on this system.
  }
  return tmpdir()
}

export default function setup(project: TestProject): () => void {
  const folder = realpathSync(mkdtempSync(join(fastestFolder(), 'configurable-agents-')))
  project.provide('temporary', folder)
  // Programs that tests start, of TypeScript all of them, take half the time to start.
  process.env.NODE_COMPILE_CACHE = join(folder, 'compile-cache')
  // A program that a test ended may still be writing its compile cache.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
}
