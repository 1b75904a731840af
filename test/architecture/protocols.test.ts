import { expect, test } from 'vitest'
import { filesUnder, importsOf, readProjectFile } from './sources.ts'

const outside = filesUnder('src', '.ts').filter((path) => !/^src\/agent\/[^/]+\//.test(path))
/** One of the endpoints of an agent, in quotes or behind the base URL in a template. */
const endpoint = /['"`}]\/(?:run|health|health\/live|schema|status|openapi\.json)(?=['"`/?$])/

test('only a protocol names the endpoints of agents, and so only a protocol calls them', () => {
  const found = outside.flatMap((path) =>
    readProjectFile(path)
      .split('\n')
      .filter((line) => !/^\s*(?:import|export) .* from /.test(line) && endpoint.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  )
  // The dashboard's own.
  expect(found.filter((line) => !/^src\/web\/.*'\/(?:health|openapi\.json)'/.test(line))).toEqual([])
})

test('protocols are looked up by name: nobody else imports one', () => {
  const found = outside
    .flatMap(importsOf)
    .filter(({ target }) => /^src\/agent\/(?!http\/|schema\/)[^/]+\//.test(target))
  expect(found.map(({ from, target }) => `${from} imports ${target}`)).toEqual([
    'src/agent/protocols.ts imports src/agent/plain/client.ts',
  ])
})
