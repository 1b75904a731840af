import { expect, test } from 'vitest'
import { readRun } from '../../../src/agent/plain/messages.ts'
import { reply } from '../../support/agents/reply.ts'

const usageOf = (body: object | string) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = readRun(reply(text.replace('{', '{"status":"success",')))
  if (answer.kind !== 'completed') throw new Error(answer.kind)
  return [answer.totalTokens, answer.totalCostUsd]
}

test.each([
  ['the answer itself', { total_tokens: 12, cost_usd: 0.5 }],
  ['usage', { usage: { total_tokens: 12, cost_usd: 0.5 } }],
  ['metadata', { metadata: { total_tokens: 12, total_cost_usd: 0.5 } }],
  ['outputs', { outputs: { total_tokens: 12, total_cost_usd: 0.5 } }],
  ['two places', { total_tokens: 12, usage: { total_cost_usd: 0.5 } }],
])('tokens and cost are found in %s', (_where, body) => expect(usageOf(body)).toEqual([12, 0.5]))

test('the outermost place counts, and cost_usd before total_cost_usd', () => {
  expect(usageOf({ outputs: { total_tokens: 3 }, usage: { total_tokens: 2 }, total_tokens: 1 })).toEqual([1, null])
  expect(usageOf({ outputs: { total_tokens: 3 }, usage: { total_tokens: 2 } })).toEqual([2, null])
  expect(usageOf({ total_cost_usd: 2, cost_usd: 1 })).toEqual([null, 1])
})

test('a known zero is zero', () => {
  expect(usageOf({ total_tokens: 0, cost_usd: 0 })).toEqual([0, 0])
})

test.each([
  ['nothing', { outputs: {} }],
  ['null', { total_tokens: null, cost_usd: null, usage: null }],
  ['text', { total_tokens: '12', cost_usd: '0.5' }],
  ['a negative number', { total_tokens: -1, cost_usd: -0.5 }],
  ['half a token', { total_tokens: 1.5 }],
  ['NaN', '{"total_tokens": NaN, "cost_usd": Infinity}'],
  ['a list', { usage: [12], outputs: [0.5] }],
  ['a place too deep', { outputs: { usage: { total_tokens: 12 } } }],
])('what is unknown stays unknown and does not become 0: %s', (_what, body) => {
  expect(usageOf(body)).toEqual([null, null])
})

test('what cannot be used in one place is looked for in the next', () => {
  expect(usageOf({ total_tokens: null, usage: { total_tokens: 'many' }, metadata: { total_tokens: 7 } })).toEqual([
    7,
    null,
  ])
})

const large = `[${'1,'.repeat(600_000)}1]`

test('tokens and cost are found beside what is too large to be looked into', () => {
  expect(usageOf(`{"outputs":{"data":${large},"total_tokens":12},"usage":{"list":${large},"cost_usd":0.5}}`)).toEqual([
    12, 0.5,
  ])
})

test.each([400, 200])('an error with very much in it says why, answered with %i', (status) => {
  const errors = `[{"msg":"out of range","loc":["body","a"]}${',{}'.repeat(600_000)}]`
  const answer = readRun(reply(`{"status":"failed","error":{"message":"Too much","detail":${errors}}}`, { status }))
  expect(answer).toMatchObject({ kind: 'failed', message: expect.stringContaining('Too much; a: out of range') })
})
