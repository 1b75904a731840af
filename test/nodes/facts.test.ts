import { expect, test } from 'vitest'
import { readNodeFacts } from '../../src/orchestrator/nodes/facts.ts'

/** What was read, without what was not there. */
function read(data: unknown, isWhole = true) {
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  const facts = Object.entries(readNodeFacts(text, 'write', isWhole))
  return Object.fromEntries(facts.filter(([, value]) => value !== undefined))
}

test('reads what the Python program saves for a node that completed', () => {
  const state = {
    node_id: 'write',
    duration_seconds: 1.2345,
    input_tokens: 150,
    output_tokens: 75,
    total_tokens: 225,
    model: 'gemini-1.5-flash',
    status: 'completed',
    cost_usd: 0.00015,
    outputs: { error: 'this is a text of the user', duration_seconds: 99 },
  }
  expect(read(state)).toEqual({
    durationSeconds: 1.2345,
    inputTokens: 150,
    outputTokens: 75,
    tokens: 225,
    costUsd: 0.00015,
    model: 'gemini-1.5-flash',
    status: 'completed',
  })
})

test('reads what it saves for a node that failed', () => {
  const state = { node_id: 'write', duration_seconds: 0.5, status: 'failed', error: 'API timeout' }
  expect(read(state)).toEqual({ durationSeconds: 0.5, status: 'failed', error: 'API timeout' })
})

test.each([
  [{ duration: 2 }, 2],
  [{ duration_ms: 2500 }, 2.5],
  [{ latency: 0.25 }, 0.25],
  [{ execution_time_ms: 100 }, 0.1],
  [{ metrics: { duration_ms: 300 } }, 0.3],
  [{ duration_seconds: '1.5' }, 1.5],
  [{ _execution_time_ms_write: 40 }, 0.04],
  [{ started_at: '2026-11-20 08:00:00.5', completed_at: '2026-11-20T08:00:02' }, 1.5],
  [{ start_time: 1763625600, end_time: 1763625603.25 }, 3.25],
  [{ duration_seconds: null, duration_ms: 500 }, 0.5],
])('finds the duration in %j', (state, seconds) => {
  expect(read(state).durationSeconds).toBeCloseTo(seconds as number, 6)
})

test.each([
  { duration_seconds: -1 },
  { duration_seconds: 'long' },
  { duration_seconds: '' },
  { duration_seconds: true },
  { duration_seconds: [1] },
  { _execution_time_ms_other: 40 },
  { started_at: 'yesterday', completed_at: 'now' },
  { started_at: '2026-11-20 08:00:02', completed_at: '2026-11-20 08:00:01' },
  '{"duration_seconds": NaN}',
  '{"duration_seconds": 1e999}',
])('knows no duration from %j', (state) => {
  expect(read(state).durationSeconds).toBeUndefined()
})

test.each([
  [{ tokens: 12 }, 12],
  [{ usage: { prompt_tokens: 10, completion_tokens: 5 } }, 15],
  [{ tokens: { input_tokens: 3, output_tokens: 4 } }, 7],
  [{ input_tokens: 3 }, undefined],
])('counts the tokens of %j', (state, tokens) => {
  expect(read(state).tokens).toBe(tokens)
})

test('zero is a number, and no cost is none', () => {
  expect(read({ cost_usd: 0, total_tokens: 0 })).toEqual({ costUsd: 0, tokens: 0 })
  expect(read({ cost_usd: null })).toEqual({})
})

test.each([
  [{ error: { message: 'refused' } }, 'refused'],
  [{ error: { code: 7 } }, '{"code":7}'],
  [{ error_message: 'late' }, 'late'],
  [{ error: 5 }, '5'],
  [{ error: null }, undefined],
  [{ error: false }, undefined],
  [{ error: '' }, undefined],
])('the error of %j', (state, error) => {
  expect(read(state).error).toBe(error)
})

test('reads a repr of Python', () => {
  expect(read(`{'duration_seconds': 1.5, 'error': "it's late", 'tokens': None, 'ok': True, 'list': (1,)}`)).toEqual({
    durationSeconds: 1.5,
    error: "it's late",
  })
})

test.each(['', 'None', '[]', '12', '"text"', 'no JSON', '{', '{"a"', '<object at 0x7f>', "{'x': <Model>}", 'null'])(
  'knows nothing from %j',
  (text) => {
    expect(read(text)).toEqual({})
    expect(read(text, false)).toEqual({})
  },
)

test('of a state that is cut off, the numbers before the cut are read', () => {
  const whole = JSON.stringify({ duration_seconds: 2, text: 'x'.repeat(10_000), cost_usd: 3, total_tokens: 1234 })
  for (let length = 0; length < whole.length; length += 97)
    expect(() => read(whole.slice(0, length), false)).not.toThrow()
  expect(read(whole.slice(0, 5000), false)).toEqual({ durationSeconds: 2 })
  // 123 of 1234 is another number.
  expect(read(whole.slice(0, -2), false)).toEqual({ durationSeconds: 2, costUsd: 3 })
})
