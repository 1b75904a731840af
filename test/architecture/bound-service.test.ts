import { expect, test } from 'vitest'
import { codeOnly, filesUnder, readProjectFile } from './sources.ts'

/** Plugins bind the service to who asks, people and tokens are nobody's alone, and probes ask without a login. */
const allowed = /^src\/web\/(plugins|access)\/|^src\/web\/system\/health-routes\.ts$/
/** The same for everyone. */
const ofAll = /app\.orchestrator\.now\(\)/g

test('a route calls the service of who asks, which knows of their role and agents, not that of all', () => {
  const unbound = filesUnder('src/web', '.ts')
    .filter((path) => !allowed.test(path))
    .filter((path) =>
      /\bapp\.orchestrator\b|\{[^}]*\borchestrator\b[^}]*\} = app\b/.test(
        codeOnly(readProjectFile(path)).replace(ofAll, ''),
      ),
    )
  expect(unbound).toEqual([])
})
