import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { setFlagsFromString } from 'node:v8'

/**
 * What keeps the dashboard small beside payloads of 8 MiB. Left alone, V8 lets its space for young objects grow to 128 MB,
 * and glibc keeps freed blocks of megabytes, for each thread its own.
 */
export const memoryFlags = ['--max-semi-space-size=4']
export const memoryEnv = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_ARENA_MAX: '1' }

/**
 * V8 and glibc read these limits only while a process starts, so this one starts again under the same process ID. It runs
 * without them where somebody has chosen limits, and where it cannot start again.
 */
export function restartWithMemoryLimits() {
  if (memoryFlags.some(isGiven) || !canBeginAgain()) return
  const args = [process.execPath, ...process.execArgv, ...memoryFlags, ...process.argv.slice(1)]
  process.execve(process.execPath, args, { ...memoryEnv, ...process.env })
}

const laterFlags = ['--heap-growing-percent=30', '--no-allocation-site-pretenuring']

/**
 * Left alone, V8 lets its heap grow to four times its size before it collects. And once many objects of a kind have lived
 * long, as after a hundred health checks, it makes all later ones among its old objects, where each holds the whole request
 * that it belongs to: collecting those took half of the time of a small answer. Said while Node starts, these flags would
 * have it compile all of its own code that it has compiled already, which takes 30 ms: so they are said after the start.
 */
export function limitMemoryAfterStart() {
  for (const flag of laterFlags) if (!isGiven(flag)) setFlagsFromString(flag)
}

function isGiven(flag) {
  const nameOf = (one) => one.replaceAll('_', '-').split('=')[0]
  const given = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)]
  return given.map(nameOf).includes(nameOf(flag))
}

function canBeginAgain() {
  // Windows cannot; a channel to a parent process would be closed; and Node's permissions may forbid it.
  if (process.platform === 'win32' || process.channel || process.permission?.has('child') === false) return false
  // Node aborts where its program is not found, as without /proc, where its path may be the bare name.
  return isAbsolute(process.execPath) && existsSync(process.execPath)
}
