import { fork } from 'node:child_process'
import { existsSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { BackupError } from '../../../shared/errors.ts'
import { foreignLog } from '../faults/words.ts'
import { createPrivateFile } from '../file/private-file.ts'
import { hasOwnLog } from '../file/start-checks.ts'

type Report = { bytes: number } | { error: string }
type Message = Report | 'checking'

const here = fileURLToPath(import.meta.url)
const busyTimeoutMs = 10_000

/** Where a copy is written until it is complete and checked. */
export const unfinishedBackup = (to: string): string => `${to}.unfinished`

/** Resolves to the size in bytes; throws BackupError, also when `signal` aborts. In a child process (this file): a copy
 * cannot be interrupted, and a thread would keep the program from ending. */
export async function backUp(
  copies: string,
  to: string,
  { signal, onCheck }: { signal?: AbortSignal; onCheck?: () => void } = {},
): Promise<number> {
  const report = await new Promise<Report | undefined>((resolve) => {
    const child = fork(here, [copies, to], { execArgv: [], stdio: 'ignore', signal, killSignal: 'SIGKILL' })
    let report: Report | undefined
    child.on('message', (message: Message) => {
      if (message === 'checking') onCheck?.()
      else report = message
    })
    child.once('error', ({ message }) => {
      if (child.pid === undefined) resolve({ error: `The backup could not begin: ${message}.` })
    })
    child.once('exit', () => resolve(report))
  })
  if (report && 'bytes' in report) return report.bytes
  if (!report) removeUnfinishedBackup(to)
  throw new BackupError(report?.error ?? 'The backup was stopped before it was complete.')
}

export function removeUnfinishedBackup(to: string): void {
  try {
    for (const end of ['', '-journal']) rmSync(unfinishedBackup(to) + end, { force: true })
  } catch {}
}

function copy(copies: string, to: string): Report {
  const unfinished = unfinishedBackup(to)
  try {
    const error = refusal(copies, to)
    if (error !== undefined) return { error }
    removeUnfinishedBackup(to)
    createPrivateFile(unfinished)
    write(copies, unfinished)
    process.send!('checking' satisfies Message)
    const verdict = quickCheck(unfinished)
    if (verdict !== 'ok') return { error: `The copy is damaged, and was removed: ${verdict}.` }
    if (existsSync(to)) return { error: `${to} has come into being meanwhile. It was not changed.` }
    renameSync(unfinished, to)
    return { bytes: statSync(to).size }
  } catch (error) {
    return { error: sentenceFor(error as Error & { code?: string }, copies, to) }
  } finally {
    removeUnfinishedBackup(to)
  }
}

function refusal(copies: string, to: string): string | undefined {
  if (!existsSync(copies)) return `There is no database ${copies}.`
  if (!statSync(copies).isFile()) return `${copies} is not a file.`
  if (!hasOwnLog(copies, undefined)) return foreignLog(copies)
  if (!existsSync(dirname(to))) return `The folder ${dirname(to)} does not exist. Create it first.`
  if (!existsSync(to)) return undefined
  return statSync(to).isDirectory()
    ? `${to} is a folder. Name a file in it.`
    : `${to} is there already. It was not changed; choose another name.`
}

function write(copies: string, to: string): void {
  const source = new Database(copies, { fileMustExist: true, timeout: busyTimeoutMs })
  try {
    source.pragma('synchronous = FULL')
    refuseFullDisk(source, to)
    source.prepare('VACUUM INTO ?').run(to)
  } finally {
    source.close()
  }
}

function refuseFullDisk(source: Database.Database, to: string): void {
  const number = (name: string) => source.pragma(name, { simple: true }) as number
  const needed = (number('page_count') - number('freelist_count')) * number('page_size')
  const { blocks, bavail, bsize } = statfsSync(dirname(to))
  if (blocks === 0 || bavail * bsize > needed) return
  throw new BackupError(
    `The copy takes up to ${megabytes(needed)}, and only ${megabytes(bavail * bsize)} are free in ${dirname(to)}.`,
  )
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en-US')} MB`

function quickCheck(path: string): string {
  const written = new Database(path, { readonly: true })
  try {
    return String(written.pragma('quick_check', { simple: true })).replaceAll('\n', ' ')
  } finally {
    written.close()
  }
}

function sentenceFor({ code, message }: Error & { code?: string }, copies: string, to: string): string {
  if (code === 'backup-failed') return message
  if (code === 'SQLITE_NOTADB') return `${copies} is not an SQLite database.`
  if (code === 'SQLITE_CORRUPT') return `${copies} is damaged: ${message}.`
  if (code?.startsWith('SQLITE_BUSY')) return `${copies} is locked by another program. Try again when it has finished.`
  if (code === 'SQLITE_FULL') return `The disk is full: there is no room for ${to}.`
  return `The database could not be copied to ${to}: ${message}.`
}

if (process.send && process.argv[1] === here) {
  const [copies, to] = process.argv.slice(2) as [string, string]
  process.send(copy(copies, to))
}
