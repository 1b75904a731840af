import { expect, test } from 'vitest'
import { readRegistration } from '../../src/orchestrator/registry/registration.ts'
import { BadAddressError, InvalidInputError } from '../../src/shared/errors.ts'

const good = { agent_id: 'writer', agent_name: 'Writer', agent_url: 'http://localhost:8001' }

function fieldsOf(request: object): string[] {
  try {
    readRegistration(request)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInputError)
    return (error as InvalidInputError).fields.map(({ field }) => field)
  }
}

test('reads what was sent, with defaults for the rest', () => {
  expect(readRegistration(good)).toEqual({
    id: 'writer',
    name: 'Writer',
    url: 'http://localhost:8001',
    host: 'localhost',
    port: 8001,
    ttlSeconds: 60,
    metadata: '{}',
    registeredBy: 'hand',
    access: {},
  })
})

test('the description becomes part of the metadata, and wins over one that stands there', () => {
  const described = (request: object) => JSON.parse(readRegistration({ ...good, ...request }).metadata!)
  expect(described({ description: ' Writes ' })).toEqual({ description: 'Writes' })
  expect(described({ description: '  ', metadata: { description: 'Old' } })).toEqual({ description: 'Old' })
  expect(described({ description: 'New', metadata: { description: 'Old', team: 1 } })).toEqual({
    description: 'New',
    team: 1,
  })
  expect(described({ description: null, metadata: null })).toEqual({})
})

test.each([1, 60, 3600])('a time to live of %i s is taken', (ttl) => {
  expect(readRegistration({ ...good, metadata: { ttl_seconds: ttl } }).ttlSeconds).toBe(ttl)
})

test.each([0, -1, 3601, 1.5, '60', null, Number.NaN, true])('a time to live of %s is refused', (ttl) => {
  expect(fieldsOf({ ...good, metadata: { ttl_seconds: ttl } })).toEqual(['metadata.ttl_seconds'])
})

test('ids have 1 to 255 characters, counted as people count them', () => {
  const idOf = (id: string) => readRegistration({ ...good, agent_id: id }).id
  expect(idOf('x')).toBe('x')
  expect(idOf('x'.repeat(255))).toHaveLength(255)
  expect(idOf('🖋'.repeat(255))).toBe('🖋'.repeat(255))
  expect(fieldsOf({ ...good, agent_id: 'x'.repeat(256) })).toEqual(['agent_id'])
  expect(fieldsOf({ ...good, agent_id: '' })).toEqual(['agent_id'])
})

test.each(['a/b', '/', '.', '..', 'a\u0000', 'a\u001fb', 'a\u007f', 'a\u009fb', '\ud800', 'a\nb'])(
  'the id %j is refused',
  (id) => {
    expect(fieldsOf({ ...good, agent_id: id })).toEqual(['agent_id'])
  },
)

test.each(['...', '.a', 'a.', '%2F', 'a b', '?', '#', '\\', '🖋', '__proto__', 'None'])('the id %j is taken', (id) => {
  expect(readRegistration({ ...good, agent_id: id }).id).toBe(id)
})

test('an address that is the only error is told apart from missing fields', () => {
  expect(() => readRegistration({ ...good, agent_url: 'ftp://x' })).toThrow(BadAddressError)
  expect(fieldsOf({ ...good, agent_url: '' })).toEqual(['agent_url'])
  expect(fieldsOf({ ...good, agent_url: 7 })).toEqual(['agent_url'])
  expect(fieldsOf({ ...good, agent_url: 'ftp://x', agent_name: '' })).toEqual(['agent_name', 'agent_url'])
})

test('metadata that cannot be written down is refused, and does not crash', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`)
  expect(fieldsOf({ ...good, metadata: deep })).toEqual(['metadata'])
  expect(fieldsOf({ ...good, metadata: { a: 'x'.repeat(4000) } })).toEqual(['metadata'])
  expect(readRegistration({ ...good, metadata: { a: 'x'.repeat(3900) } }).metadata).toMatch(/^\{"a":"x/)
})
