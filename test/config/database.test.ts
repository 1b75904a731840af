import { expect, test } from 'vitest'
import { shownDatabase } from '../../src/config/database.ts'
import { loadConfig } from '../../src/config.ts'

const read = (db: string) => loadConfig({ db }, {}).db

test('an address is one with spaces around it, and with capital letters; a file keeps its spaces', () => {
  expect(read(' postgres://ann:secret@db.example/name\n')).toBe('postgres://ann:secret@db.example/name')
  expect(read('PostgreSQL://ann:secret@db.example/name')).toBe('PostgreSQL://ann:secret@db.example/name')
  expect(read(' my runs.db')).toBe(' my runs.db')
})

test.each([
  ['"postgres://ann:secret@db.example/name"', '""postgres://ann@db.example/name""'],
  ["'postgresql://ann:secret@db.example/name'", `"'postgresql://ann@db.example/name'"`],
  ['postgres:ann:secret@db.example/name', '"postgres:ann@db.example/name"'],
  ['postgres:/ann:secret@db.example/name', '"postgres:/ann@db.example/name"'],
  ['mysql://ann:secret@db.example/name', '"mysql://ann@db.example/name"'],
  ['postgres://ann:se?c@r/et@db.example', '"postgres://ann@db.example"'],
  ['postgres://ann@/name?password=secret', '"postgres://ann@/name?…"'],
  ['‘postgres://ann:secret@db.example/name’', '"‘postgres://ann@db.example/name’"'],
  ['(postgresql:ann:secret@db.example/name', '"(postgresql:ann@db.example/name"'],
  ['DATABASE_URL=postgres://ann:secret@db.example/name', '"DATABASE_URL=postgres://ann@db.example/name"'],
  ['jdbc:postgresql://ann:secret@db.example/name', '"jdbc:postgresql@db.example/name"'],
])('%s is no file, and is refused without its password', (given, shown) => {
  expect(() => read(given)).toThrow(
    new Error(`--db: ${shown} must be like postgres://user:password@host:5432/name, without quotes`),
  )
})

test('several hosts are refused by that, without the password', () => {
  for (const hosts of ['a:1,b:2', 'a,b', '[::1]:5432,b'])
    expect(() => read(`postgres://ann:sec,ret@${hosts}/name`)).toThrow(
      new Error(`--db: "postgres://ann@${hosts}/name" must name one host: several are not supported`),
    )
  expect(read('postgres://ann:sec,ret@a/name')).toBe('postgres://ann:sec,ret@a/name')
})

test.each([
  ['postgres://ann:secret@db.example:5433/name?sslmode=require', 'postgres://ann@db.example:5433/name'],
  ['postgres://ann@db.example/name?host=other.example&port=6000&user=bob', 'postgres://bob@other.example:6000/name'],
  ['postgres:///name?host=/run/postgresql&user=ann&password=secret', 'postgres://ann@%2Frun%2Fpostgresql/name'],
  ['postgres://a%40b:secret@[::1]:5433/name', 'postgres://a%40b@[::1]:5433/name'],
  ['postgres://localhost/name?host=::1', 'postgres://[::1]/name'],
])('%s is shown as what is used', (given, shown) => {
  expect(shownDatabase(given)).toBe(shown)
})
