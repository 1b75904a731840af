import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { secret } from '../../src/config/kinds.ts'
import { readSettings, settingsOf, type Table } from '../../src/config/table.ts'
import { loadConfig, settings } from '../../src/config.ts'
import { temporaryFolder } from '../support/temporary.ts'

const table = {
  doorKey: { value: secret(8).default(''), meaning: 'opens the door', isSecret: true },
} satisfies Table

const read = (env: Record<string, string>) => readSettings(table, {}, env).doorKey

function fileWith(content: string | Uint8Array): string {
  const path = join(temporaryFolder(), 'key')
  writeFileSync(path, content)
  return path
}

test('a secret is read from its variable, or from the file that the other one names', () => {
  expect(read({})).toBe('')
  expect(read({ CONFIGURABLE_AGENTS_DOOR_KEY: ' open sesame ' })).toBe(' open sesame ')
  expect(read({ CONFIGURABLE_AGENTS_DOOR_KEY_FILE: fileWith('open sesame') })).toBe('open sesame')
  expect(read({ CONFIGURABLE_AGENTS_DOOR_KEY_FILE: fileWith('from a file') })).toBe('from a file')
  expect(settingsOf(table).doorKey).toMatchObject({
    env: 'CONFIGURABLE_AGENTS_DOOR_KEY',
    fileEnv: 'CONFIGURABLE_AGENTS_DOOR_KEY_FILE',
  })
})

test.each([
  ['open sesame\n', 'open sesame'],
  ['open sesame\r\n', 'open sesame'],
  ['open sesame\n\n', 'open sesame\n'],
  [' öffne dich ', ' öffne dich '],
])('of the file %j only the last line break is left out', (content, expected) => {
  expect(read({ CONFIGURABLE_AGENTS_DOOR_KEY_FILE: fileWith(content) })).toBe(expected)
})

test('both at once are refused', () => {
  const both = {
    CONFIGURABLE_AGENTS_DOOR_KEY: 'open sesame',
    CONFIGURABLE_AGENTS_DOOR_KEY_FILE: fileWith('open sesame'),
  }
  expect(() => read(both)).toThrow(
    /^CONFIGURABLE_AGENTS_DOOR_KEY and CONFIGURABLE_AGENTS_DOOR_KEY_FILE are both set. Unset one of them.$/,
  )
})

test('what is wrong with a secret is said without the secret', () => {
  const message = 'must have 8 characters or more'
  expect(() => read({ CONFIGURABLE_AGENTS_DOOR_KEY: 'sesame' })).toThrow(
    new RegExp(`^CONFIGURABLE_AGENTS_DOOR_KEY: the value ${message}$`),
  )
  const file = fileWith('sesame')
  expect(() => read({ CONFIGURABLE_AGENTS_DOOR_KEY_FILE: file })).toThrow(
    new RegExp(`^CONFIGURABLE_AGENTS_DOOR_KEY_FILE: "${file}" ${message}$`),
  )
})

test.each([
  ['an empty file', () => fileWith('\n'), 'is empty'],
  ['a file that is no text', () => fileWith(Uint8Array.of(0xff, 0xfe, 0x41)), 'must hold text in UTF-8'],
  ['no file', () => join(temporaryFolder(), 'none'), 'does not exist'],
  [
    'a folder',
    () => {
      const path = join(temporaryFolder(), 'folder')
      mkdirSync(path)
      return path
    },
    'is a folder',
  ],
])('%s is named, with what is wrong with it', (_, make, wrong) => {
  const file = make()
  expect(() => read({ CONFIGURABLE_AGENTS_DOOR_KEY_FILE: file })).toThrow(
    new RegExp(`^CONFIGURABLE_AGENTS_DOOR_KEY_FILE: "${file}" ${wrong}$`),
  )
})

test('the address of a database may be in a file, but where a flag names another', () => {
  const address = 'postgres://dashboard:pass-word@db.example/dashboard'
  const file = fileWith(`${address}\n`)
  const env = { [settings.db.fileEnv!]: file }
  expect(loadConfig({}, env).db).toBe(address)
  expect(loadConfig({ db: 'other.db' }, env).db).toBe('other.db')
  expect(() => loadConfig({}, { ...env, [settings.db.env]: 'other.db' })).toThrow(/ are both set. Unset one of them.$/)
  const wrong = fileWith('mysql://dashboard:pass-word@db.example/dashboard')
  expect(() => loadConfig({}, { [settings.db.fileEnv!]: wrong })).toThrow(
    `${settings.db.fileEnv}: "${wrong}" must be like postgres://user:password@host:5432/name`,
  )
})
