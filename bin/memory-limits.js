/**
 * What keeps the dashboard small beside payloads of 8 MiB. Left alone, V8 lets its space for young objects grow to 128 MB
 * and its heap to four times its size before it collects, and glibc keeps freed blocks of megabytes.
 */
export const memoryFlags = ['--max-semi-space-size=4', '--heap-growing-percent=30']
export const memoryEnv = { MALLOC_MMAP_THRESHOLD_: '131072' }

/**
 * V8 and glibc read these limits only while a process begins, so this process begins again, under the same id. It goes on
 * without them on Windows, which cannot do that, and where a parent process talks to it over a channel, which would be
 * closed.
 */
export function restartWithMemoryLimits() {
  const names = memoryFlags.map((flag) => flag.split('=')[0])
  const hasLimits = process.execArgv.some((flag) => names.includes(flag.split('=')[0]))
  if (hasLimits || process.platform === 'win32' || process.channel) return
  const args = [process.execPath, ...process.execArgv, ...memoryFlags, ...process.argv.slice(1)]
  process.execve(process.execPath, args, { ...memoryEnv, ...process.env })
}
