import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { printed, startProgram } from '../support/process.ts'
import { temporaryFolder } from '../support/temporary.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

type Manifest = { name: string; bin: Record<string, string>; dependencies: Record<string, string> }

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))

/** Makes the package as `npm publish` does, and resolves to the path of its archive. */
async function pack(folder: string): Promise<string> {
  const npm = process.env.npm_execpath
  const [program, first] = npm ? [process.execPath, [npm]] : ['npm', []]
  await run(program, [...first, 'pack', '--silent', '--pack-destination', folder], { cwd: root })
  return join(folder, readdirSync(folder)[0]!)
}

/** As npm does, but without its registry: what the package depends on, and nothing else, is linked from the project. */
async function install(archive: string, folder: string): Promise<{ installed: string; manifest: Manifest }> {
  const modules = join(folder, 'node_modules')
  const installed = join(modules, 'configurable-agents')
  mkdirSync(installed, { recursive: true })
  await run('tar', ['-xzf', archive, '-C', installed, '--strip-components', '1'])
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  return { installed, manifest }
}

test('the package has all that it needs: installed into an empty folder, it shows its pages', {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder()
  const { installed, manifest } = await install(await pack(temporaryFolder()), folder)

  const whole = ['bin', 'views', 'public'].flatMap((part) => filesIn(join(root, part)).map((file) => `${part}/${file}`))
  expect(whole).toContain('bin/memory-limits.js')
  const migrations = filesIn(join(root, 'src')).filter((file) => file.includes('/migrations/'))
  expect(migrations.filter((file) => file.startsWith('store/sqlite/')).length).toBeGreaterThan(2)
  const others = ['LICENSE', 'README.md', 'package.json', 'dist/cli.js']
  const isPartOfCode = (file: string) => /^dist\/[\w-]+\.js$/.test(file) && file !== 'dist/cli.js'
  expect(
    filesIn(installed)
      .filter((file) => !isPartOfCode(file))
      .sort(),
  ).toEqual([...whole, ...migrations.map((file) => `dist/${file}`), ...others].sort())

  const command = join(installed, manifest.bin['configurable-agents']!)
  const program = startProgram([command, 'ui', '--port', '0', '--db', 'workflows.db'], {}, folder)
  const [, url] = await printed(program, /dashboard: (http:\S+)/)
  for (const path of ['/orchestrator', '/runs']) {
    const page = await fetch(`${url}${path}`, { headers: { accept: 'text/html' } })
    expect(page.status).toBe(200)
    const assets = [...(await page.text()).matchAll(/(?:href|src)="(\/assets\/[^"]+\.(?:css|js))"/g)]
    expect(assets.length).toBeGreaterThan(1)
    for (const [, asset] of assets) {
      const answer = await fetch(`${url}${asset}`)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toMatch(asset!.endsWith('.css') ? 'css' : 'javascript')
    }
  }
  const described = await fetch(`${url}/openapi.json`)
  expect(described.status).toBe(200)
  // By a process of its own.
  const copied = startProgram([command, 'backup', 'copy.db', '--db', 'workflows.db'], {}, folder)
  expect(await copied.ended, copied.output()).toBe(0)
  expect(await program.stop()).toBe(0)
})
