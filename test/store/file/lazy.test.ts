import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { prepareWhenUsed } from '../../../src/store/sqlite/file/lazy.ts'

function opened() {
  const sqlite = new Database(':memory:')
  onTestFinished(() => void sqlite.close())
  prepareWhenUsed(sqlite)
  return sqlite
}

test('a statement is prepared when it is first used, and is itself after each of its settings', () => {
  const sqlite = opened()
  const statement = sqlite.prepare('SELECT a FROM later')
  sqlite.exec('CREATE TABLE later (a); INSERT INTO later VALUES (1), (2)')
  expect(statement.all()).toEqual([{ a: 1 }, { a: 2 }])
  expect(statement.raw()).toBe(statement)
  expect(statement.get()).toEqual([1])
  expect(statement.raw(false).pluck()).toBe(statement)
  expect([...statement.iterate()]).toEqual([1, 2])
  expect(statement.reader).toBe(true)
})

test('what is wrong with a statement is told by its first use, and by the next', () => {
  const statement = opened().prepare('SELECT a FROM nowhere')
  for (const _ of [1, 2]) expect(() => statement.all()).toThrow('no such table: nowhere')
})
