import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import type { ExportedRun } from '../../src/orchestrator/history/export.ts'
import { textCell } from '../../src/web/format/spreadsheet-cell.ts'
import { csvHead, runAsNdjson, runsAsCsv } from '../../src/web/history/export.ts'

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
  isReported: false,
  startedBy: null,
  rerunOf: null,
  traceId: null,
  error: null,
  inputLine: null,
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

test.each([
  'a=b',
  'x@y.z',
  '{"a":"=1"}',
  '["-"]',
  '',
  'É',
  'run 5 of 7',
  'agent-1',
  'gpt-4o',
  'v1.2',
  'May',
  '5 apples',
  'true story',
  '019ac3f2-7e1c-7abc-8dec-012345678901',
])('%j stays as it is', (text) => {
  expect(textCell(text)).toBe(text)
})

test.each([
  '00012345',
  '1-2',
  '3E5',
  '1e5',
  '1,234.50',
  '1.234,50',
  '12345678901234567890',
  '5',
  '1/2',
  '1 1/2',
  '50%',
  '(5)',
  '$5',
  '5 €',
  '10:30',
  '10:30 PM',
  '9 a',
  '2026-11-20',
  '2026-11-20T10:00:00Z',
  '20.11.2026',
  'Nov 5',
  '5-nov',
  'MARCH1',
  'SEPT2',
  '5. März 2026',
  '5 de noviembre',
  '2 мая',
  '2026年11月20日',
  '１２３',
  'TRUE',
  'false',
  ' 007 ',
])('%j, of which a spreadsheet would make something else, stays a text', (text) => {
  expect(column(text)).toBe(`'${text}`)
  expect(cells({ workflow: text, agentId: text })).toMatchObject({ workflow: `'${text}`, agent_id: `'${text}` })
})

test('a payload that is a number stays one where a spreadsheet keeps its digits; a string that says one is text', () => {
  expect(cells({ inputs: '-5', outputs: '-1.5e3' })).toMatchObject({ inputs: '-5', outputs: '-1500' })
  const pinned = (text: string) => cells({ pinned: [{ text, isString: false }] }, ['out.score'])['out.score']
  expect(pinned('-0.5')).toBe('-0.5')
  expect(pinned('3E5')).toBe('300000')
  expect(pinned('1.25e-7')).toBe('0.000000125')
  expect(pinned('12e-1')).toBe('1.2')
  expect(pinned('123456789012345')).toBe('123456789012345')
  expect(pinned('12345678901234567890')).toBe("'12345678901234567890")
  expect(pinned('0.12345678901234567890')).toBe("'0.12345678901234567890")
  expect(pinned('1e300')).toBe("'1e300")
  expect(pinned('true')).toBe("'true")
  expect(column('-0.5')).toBe("'-0.5")
  expect(cells({ outputs: '-5;=1' }).outputs).toBe("'-5;=1")
})

test('times are those of a spreadsheet, in UTC, and numbers have no more digits than it keeps', () => {
  const written = cells({
    startedAt: Date.UTC(2026, 10, 2, 3, 4, 5, 678),
    completedAt: Number.NaN,
    durationSeconds: 0.1 + 0.2,
    totalCostUsd: 1e-7,
  })
  expect(written).toMatchObject({
    started_at_utc: '2026-11-02 03:04:05',
    completed_at_utc: '',
    duration_seconds: '0.3',
    total_cost_usd: '0.0000001',
  })
})

test('a cell that a spreadsheet would cut says that it is cut, with no half of a character', () => {
  const whole = 'a'.repeat(32_767)
  expect(cells({ error: whole }).error_message).toBe(whole)
  const { error_message: cut = '', outputs = '' } = cells({
    error: '🤖'.repeat(20_000),
    outputs: JSON.stringify('b'.repeat(40_000)),
  })
  expect(cut.length).toBeLessThanOrEqual(32_767)
  expect(cut.isWellFormed()).toBe(true)
  expect(cut).toMatch(/^(?:🤖){16000,}… \[cut: 40,000 characters; the NDJSON export has all of them\]$/u)
  expect(outputs).toMatch(/b… \[cut: 40,002 characters; /)
  // Behind an apostrophe it is a character longer.
  expect(cells({ error: `=${'1'.repeat(32_766)}` }).error_message).toContain('[cut: 32,767 characters')
})

test('a pinned column with the name of a formula is defused too', () => {
  expect(csvHead(['=x'])).toContain(`,"'=x",`)
})

test('begins with a byte order mark, ends lines as RFC 4180 says, and quotes texts', () => {
  expect(csvHead([])).toMatch(/^\ufeff"run_id",.*"inputs","outputs"\r\n$/)
  expect(runsAsCsv([run])).toBe('"one","writer","article","completed",2026-11-22 16:00:00,,,,,,,,,,\r\n')
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
