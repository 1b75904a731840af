import { existsSync, linkSync, renameSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'

export function asideNames(file: string, now: number): { file: string; log: string } {
  const ending = extname(file)
  const stem = join(dirname(file), basename(file, ending))
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(':', '')
  const isTaken = (path: string) => ['', '-wal', '-shm'].some((end) => existsSync(path + end))
  for (let count = 1; ; count++) {
    const name = (what: string) => `${stem}-${what}-${time}${count === 1 ? '' : `-${count}`}${ending}`
    const names = { file: name('before-restore'), log: name('log') }
    if (!isTaken(names.file) && !isTaken(names.log)) return names
  }
}

/** Renames the log of `file`, with its shared memory, to what it would be called beside `to`. Returns its new name. */
export function moveLogAside(file: string, to: string): string | undefined {
  if (existsSync(`${file}-shm`)) renameSync(`${file}-shm`, `${to}-shm`)
  if (!existsSync(`${file}-wal`)) return undefined
  renameSync(`${file}-wal`, `${to}-wal`)
  return `${to}-wal`
}

/** Replaces `file`, which is kept as `kept`. At every moment one of them exists. */
export function replaceFile(by: string, file: string, kept: string): string | undefined {
  const isThere = existsSync(file)
  if (isThere) {
    try {
      linkSync(file, kept)
    } catch {
      renameSync(file, kept)
    }
  }
  renameSync(by, file)
  return isThere ? kept : undefined
}
