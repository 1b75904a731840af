import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import type { ExportedRun } from '../../../src/orchestrator/run-export.ts'
import { csvHead, defused, runAsNdjson, runsAsCsv } from '../../../src/web/presenters/run-export.ts'

const run: ExportedRun = {
  id: 'one',
  agentId: 'writer',
  workflow: 'article',
  status: 'completed',
  startedAt: Date.UTC(2026, 10, 22, 16),
  completedAt: null,
  durationSeconds: null,
  totalTokens: null,
  totalCostUsd: null,
  rerunOf: null,
  error: null,
  inputs: null,
  outputs: null,
  pinned: [],
}

const cells = (change: Partial<ExportedRun>, pinned: string[] = []): Record<string, string> =>
  parse<Record<string, string>>(csvHead(pinned) + runsAsCsv([{ ...run, ...change }]), { columns: true, bom: true })[0]!
const column = (text: string) => cells({ pinned: [{ text, isString: true }] }, ['out.x'])['out.x']

test.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\rx',
  '\nx',
  '  =1',
  '"=1+1"',
  "'=1",
  '\u00a0=1',
  '\u200b=1',
  '＝1',
  '＋1',
  '－1',
  '＠x',
])('a spreadsheet takes %j for text', (text) => {
  expect(column(text)).toBe(`'${text}`)
  expect(cells({ workflow: text }).workflow).toBe(`'${text}`)
  expect(cells({ error: text }).error_message).toBe(`'${text}`)
  expect(cells({ id: text }).run_id).toBe(`'${text}`)
})

test.each(['a=b', '1-2', 'x@y.z', '{"a":"=1"}', '["-"]', '', '5', 'É'])('%j stays as it is', (text) => {
  expect(defused(text)).toBe(text)
})

test('a payload that is a number stays one, also below zero; a string that says one is text', () => {
  expect(cells({ inputs: '-5', outputs: '-1.5e3' })).toMatchObject({ inputs: '-5', outputs: '-1.5e3' })
  expect(cells({ pinned: [{ text: '-0.5', isString: false }] }, ['out.score'])['out.score']).toBe('-0.5')
  expect(column('-0.5')).toBe("'-0.5")
  expect(cells({ outputs: '-5;=1' }).outputs).toBe("'-5;=1")
})

test('a pinned column with the name of a formula is defused too', () => {
  expect(csvHead(['=x'])).toContain(`,"'=x",`)
})

test('begins with a byte order mark, ends lines as RFC 4180 says, and quotes texts', () => {
  expect(csvHead([])).toMatch(/^\ufeff"run_id",.*"inputs","outputs"\r\n$/)
  expect(runsAsCsv([run])).toBe('"one","writer","article","completed","2026-11-22T16:00:00.000Z",,,,,,,,\r\n')
})

test('NDJSON keeps numbers to the digit, and a run on one line', () => {
  const line = runAsNdjson({
    ...run,
    inputs: '{\n  "n": 12345678901234567890,\r\n "f": 1.0 }',
    outputs: "{'topic': None}",
    error: 'two\nlines',
  })
  expect(line.trimEnd()).not.toMatch(/[\r\n]/)
  expect(line).toContain('12345678901234567890')
  expect(line).toContain('1.0 }')
  expect(JSON.parse(line)).toMatchObject({ run_id: 'one', error_message: 'two\nlines', outputs: "{'topic': None}" })
})
