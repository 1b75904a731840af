import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { memoryEnv, memoryFlags } from '../../bin/memory-limits.js'
import { loadConfig, settings } from '../../src/config.ts'
import { closeTimeoutMs } from '../../src/server/stopping.ts'
import { routes } from '../../src/web/http/paths.ts'
import { readProjectFile, root } from '../architecture/sources.ts'
import { openDashboard } from '../support/dashboard.ts'
import { stagesOf, unitValues } from '../support/deploy.ts'
import { temporaryFolder } from '../support/temporary.ts'

const files = readdirSync(join(root, 'deploy'))
const manifest = JSON.parse(readProjectFile('package.json')) as {
  files: string[]
  scripts: Record<string, string>
  engines: { node: string }
  bin: Record<string, string>
}
const [build, image] = stagesOf(readProjectFile('deploy/Dockerfile')) as [Instructions, Instructions]
type Instructions = ReturnType<typeof stagesOf>[number]
const valuesOf = (stage: Instructions, name: string) =>
  stage.filter((one) => one.name === name).map(({ value }) => value)
const [command] = Object.entries(manifest.bin) as [[string, string]]
const nameAndValue = (pair: string) => /^([^=]+)=(.*)$/.exec(pair)!.slice(1) as [string, string]
const imageEnv = Object.fromEntries(valuesOf(image, 'ENV').flatMap((value) => value.split(/\s+/).map(nameAndValue)))

test.each(files)('every setting that deploy/%s names is one', (file) => {
  const named = readProjectFile(`deploy/${file}`).match(/\bCONFIGURABLE_AGENTS_\w+/g) ?? []
  const known = Object.values(settings).flatMap(({ env, fileEnv }) => [env, fileEnv])
  expect(named.filter((name) => !known.includes(name))).toEqual([])
})

test('the Dockerfile builds with scripts and files of the project', () => {
  const scripts = valuesOf(build, 'RUN').flatMap((run) => /^npm run (\S+)$/.exec(run)?.[1] ?? [])
  expect(scripts).toEqual(['build'])
  expect(manifest.scripts).toHaveProperty(scripts)
  const [, ...folders] = valuesOf(build, 'COPY')
  expect(folders).toEqual(['. ./'])
  const kept = readProjectFile('deploy/Dockerfile.dockerignore').match(/(?<=^!).+$/gm)!
  expect(kept.filter((name) => !existsSync(join(root, name)))).toEqual([])
  const needed = ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'build.ts', 'src']
  const ours = manifest.files.filter((name) => !['dist', 'README.md', 'LICENSE'].includes(name))
  expect(kept.toSorted()).toEqual([...needed, ...ours].sort())
})

test('the image holds what the package holds, and its packages, and runs the command of the package', () => {
  const copied = valuesOf(image, 'COPY').map((value) => /^--from=build \/build\/(\S+) \.\//.exec(value)![1]!)
  const packed = manifest.files.filter((name) => !name.endsWith('.md') && name !== 'LICENSE')
  expect(copied.toSorted()).toEqual([...packed, 'node_modules', 'package.json'].sort())
  expect(valuesOf(image, 'ENTRYPOINT').map((value) => JSON.parse(value))).toEqual([['node', command[1]]])
  expect(valuesOf(image, 'CMD')).toEqual(['["ui"]'])
  const [from] = valuesOf(image, 'FROM')
  expect(Number(/^node:(\d+)-slim$/.exec(from!)![1])).toBeGreaterThan(Number(/\d+/.exec(manifest.engines.node)![0]))
})

test('the image keeps the database in its volume, as a user of its own', () => {
  const config = loadConfig({}, imageEnv)
  expect(config).toMatchObject({ host: '0.0.0.0', port: settings.port.default })
  expect(valuesOf(image, 'EXPOSE')).toEqual([String(config.port)])
  const [volume] = valuesOf(image, 'VOLUME')
  expect(config.db.startsWith(`${volume}/`)).toBe(true)
  const [user] = valuesOf(image, 'USER')
  expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
  const [uid, gid] = user!.split(':')
  expect(valuesOf(image, 'RUN')).toEqual([`install -d -o ${uid} -g ${gid} -m 0700 ${volume}`])
})

test('the health check of the image tells a dashboard that answers from one that does not', async () => {
  const [check] = valuesOf(image, 'HEALTHCHECK')
  const [program, ...args] = JSON.parse(/CMD (\[.*\])$/.exec(check!)![1]!) as [string, ...string[]]
  expect(program).toBe('node')
  expect(args.join(' ')).toContain(routes.liveness)
  const dashboard = await openDashboard()
  const { port } = new URL(dashboard.url)
  const ask = () =>
    new Promise((resolve) =>
      spawn(process.execPath, args, { env: { CONFIGURABLE_AGENTS_PORT: port } }).on('close', resolve),
    )
  expect(await ask()).toBe(0)
  await dashboard.stop()
  expect(await ask()).toBe(1)
})

type Compose = {
  services: Record<string, Service>
  secrets: Record<string, { file: string }>
  volumes: Record<string, unknown>
}
type Service = {
  build?: { context: string; dockerfile: string }
  environment: Record<string, string>
  secrets: string[]
  ports?: string[]
  volumes: string[]
  stop_grace_period?: string
}

test('compose builds the image, serves this machine alone, and keeps data and passwords outside of it', () => {
  const { services, secrets, volumes } = parse(readProjectFile('deploy/compose.yaml')) as Compose
  const dashboard = services.dashboard!
  const context = join(root, 'deploy', dashboard.build!.context)
  expect(join(context, dashboard.build!.dockerfile)).toBe(join(root, 'deploy/Dockerfile'))
  expect(dashboard.ports).toEqual([`127.0.0.1:${settings.port.default}:${settings.port.default}`])
  const mounted = dashboard.volumes.map((volume) => volume.split(':'))
  expect(mounted.map(([, path]) => path)).toEqual(valuesOf(image, 'VOLUME'))
  expect(mounted.map(([name]) => name)).toEqual(Object.keys(volumes))
  for (const [name, value] of Object.entries(dashboard.environment)) {
    expect(name).toMatch(/_FILE$/)
    expect(dashboard.secrets).toContain(value.replace('/run/secrets/', ''))
  }
  expect(Object.keys(secrets)).toEqual(dashboard.secrets)
  expect(readProjectFile('.gitignore').split('\n')).toContain(
    `deploy/${Object.values(secrets)[0]!.file.split('/')[0]}/`,
  )
  expect(Number.parseInt(dashboard.stop_grace_period!, 10) * 1000).toBeGreaterThan(closeTimeoutMs)
})

const unit = readProjectFile('deploy/configurable-agents.service')
const unitEnv = Object.fromEntries(unitValues(unit).get('[Service] Environment')!.map(nameAndValue))

test.each([
  ['the image', imageEnv],
  ['the unit', unitEnv],
])('%s has the limits for memory, so that the program need not start itself again', (_, env) => {
  expect(env).toMatchObject({ ...memoryEnv, NODE_OPTIONS: memoryFlags.join(' ') })
})

test('the unit runs the command of the package, with its data and passwords where systemd puts them', () => {
  const values = unitValues(unit)
  const one = (key: string) => values.get(`[Service] ${key}`)!
  expect(one('ExecStart')).toEqual([`${command[0]} ui`])
  expect(unitEnv[settings.db.env]).toBe(`%S/${one('StateDirectory')[0]}/workflows.db`)
  expect(unitEnv.NODE_COMPILE_CACHE).toBe(`%C/${one('CacheDirectory')[0]}`)
  const credentials = one('LoadCredential').map((credential) => credential.split(':')[0]!)
  const secret = Object.entries(unitEnv).filter(([name]) => name.endsWith('_FILE'))
  expect(secret.map(([, value]) => value)).toEqual(credentials.map((name) => `%d/${name}`))
  expect(Number.parseInt(one('TimeoutStopSec')[0]!, 10) * 1000).toBeGreaterThan(closeTimeoutMs)
})

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

test.runIf(hasSystemd)('systemd itself takes the unit, and finds it well closed', { timeout: 30_000 }, () => {
  const path = join(temporaryFolder(), 'configurable-agents.service')
  writeFileSync(path, unit.replace(`ExecStart=${command[0]}`, `ExecStart=${process.execPath}`))
  const analyze = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', [...args, path], { encoding: 'utf8' })
    return { status, said: status === 0 ? stderr.trim() : stdout + stderr }
  }
  expect(analyze('verify', '--man=no')).toEqual({ status: 0, said: '' })
  expect(analyze('security', '--offline=true', '--no-pager', '--threshold=20')).toEqual({ status: 0, said: '' })
})
