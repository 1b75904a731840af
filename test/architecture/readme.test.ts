import { expect, test } from 'vitest'
import { clientSettings } from '../../src/config/client.ts'
import { type SettingName, settings } from '../../src/config.ts'
import { readProjectFile } from './sources.ts'

const readme = () => readProjectFile('README.md')
const { bin } = JSON.parse(readProjectFile('package.json')) as { bin: Record<string, string> }

test('the README calls the command by its name, and with options that it has', () => {
  const [command] = Object.keys(bin)
  const lines = readme()
    .split('\n')
    .filter((line) => line.includes(`${command} ui`) || /npm start -- /.test(line))
  expect(lines.length).toBeGreaterThan(0)
  const known = ['--help', '--version', ...Object.values(settings).flatMap(({ flag }) => flag ?? [])]
  const used = lines.flatMap((line) => line.match(/(?<=\s|\[)--[a-z][a-z-]+/g) ?? [])
  expect(used.filter((option) => !known.includes(option))).toEqual([])
})

const shownDefaults: Record<string, string> = { false: 'off', '': 'none' }

test.each(Object.values(settings))(
  'the README has the row of $env',
  ({ env, fileEnv, flag = '', meaning, default: value }) => {
    const rows = readme()
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .replaceAll('`', '')
          .split(/\s*\|\s*/)
          .slice(1, -1),
      )
    const variables = fileEnv === undefined ? env : `${env} or ${fileEnv}`
    expect(rows).toContainEqual([flag, variables, meaning, shownDefaults[String(value)] ?? String(value)])
  },
)

test('every variable that the README names is a setting', () => {
  const named = new Set(readme().match(/\bCONFIGURABLE_AGENTS_[A-Z_]+\b/g))
  const ofDashboard = Object.values(settings).flatMap(({ env, fileEnv }) => [env, fileEnv])
  const known = [...ofDashboard, ...Object.values(clientSettings).map(({ env }) => env)]
  expect([...named].filter((name) => !known.includes(name))).toEqual([])
})

const defaultOf = (name: SettingName) => settings[name].default as number

test.each([
  ['README.md', `Every agent is checked every ${defaultOf('healthIntervalSeconds')} s`],
  [
    'README.md',
    `cancelled run after ${defaultOf('keepDays')} days, a failed or lost one after ${defaultOf('keepFailedDays')}`,
  ],
  ['docs/health.md', `every ${defaultOf('healthIntervalSeconds')} s`],
  [
    'docs/runs.md',
    `Each agent has ${defaultOf('runsPerAgent')} slots, all agents together have ${defaultOf('runsInAll')}`,
  ],
  ['README.md', `<http://localhost:${defaultOf('port')}>`],
])('%s says in its text: %s', (page, said) => {
  expect(readProjectFile(page).replace(/\s+/g, ' ')).toContain(said)
})

test('the README has the two commands of a fresh machine, and CI calls the second', () => {
  for (const command of ['npm ci && npm run demo', 'npm ci && npm test'])
    expect(readme()).toContain(`\`\`\`sh\n${command}\n\`\`\``)
  expect(readProjectFile('.ci/run')).toMatch(/^npm ci && npm test$/m)
})
