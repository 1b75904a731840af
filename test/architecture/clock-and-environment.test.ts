import { expect, test } from 'vitest'
import { codeOnly, filesUnder, readProjectFile } from './sources.ts'

const sources = filesUnder('src', '.ts').map((path) => ({ path, code: codeOnly(readProjectFile(path)) }))
const filesWith = (pattern: RegExp) => sources.filter(({ code }) => pattern.test(code)).map(({ path }) => path)

test('only the clock asks what time it is; anyone may write a given time down', () => {
  expect(filesWith(/new Date\(\s*\)|(?<!new )\bDate\(\)|Date\.now|process\.hrtime/)).toEqual([
    'src/shared/time/clock.ts',
  ])
})

test('only the clock sets timers that decide anything', () => {
  expect(filesWith(/\bset(Timeout|Interval)\(/)).toEqual(['src/shared/time/clock.ts'])
})

test('only the settings are read from the environment', () => {
  expect(filesWith(/process\.env|\benv\(\)|loadEnvFile/)).toEqual(['src/config.ts', 'src/config/client.ts'])
})

test('chance is passed in', () => {
  expect(filesWith(/Math\.random|randomUUID|randomBytes/)).toEqual(['src/app.ts', 'src/cli/users/database.ts'])
})

test('nothing but the command and the server ends the process or prints', () => {
  const allowed = (path: string) =>
    path.startsWith('src/cli/') || path === 'src/server.ts' || path === 'src/server/stopping.ts'
  expect(filesWith(/process\.(exit|on|once)\(|console\./).filter((path) => !allowed(path))).toEqual([])
})

test('nobody waits inside a transaction', () => {
  expect(filesWith(/\.(change|write|transaction)\(\s*async\b/)).toEqual([])
})
