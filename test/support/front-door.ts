import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What opens a dashboard in this process, and as one of its own. */
const doors = ['test/support/app.ts', 'test/support/process.ts']

/** About SQLite or PostgreSQL itself. */
const besides = /^test\/(?:cluster|contract|store)\/|\/postgres\.test\.ts$/

/** The test files that go through the front door, by HTTP, browser or process: what they import leads to it. */
export function frontDoorFiles(): string[] {
  const known = new Map(doors.map((door) => [door, true]))

  function leadsThere(file: string): boolean {
    const found = known.get(file)
    if (found !== undefined) return found
    // Until it is known: files may import each other.
    known.set(file, false)
    const leads = importsOf(file).some(leadsThere)
    known.set(file, leads)
    return leads
  }

  return globSync('test/**/*.test.ts').filter((file) => !besides.test(file) && leadsThere(file))
}

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/ from '(\.[^']+)'/g)]
    .map(([, name]) => join(dirname(file), name!))
    .filter((name) => name.startsWith('test/') && existsSync(name))
