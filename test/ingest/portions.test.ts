import { expect, test } from 'vitest'
import { inPortions } from '../../src/orchestrator/ingest/portions.ts'
import type { Report } from '../../src/orchestrator/ingest/report.ts'

const placed = (index: number, report: Partial<Report> = {}) => ({
  index,
  report: { runId: `run-${index}`, ...report } as Report,
})
const sizes = (reports: ReturnType<typeof placed>[]) => [...inPortions(reports)].map(({ length }) => length)

test('one write takes a few reports, whatever makes them large', () => {
  expect(sizes(Array.from({ length: 60 }, (_, index) => placed(index)))).toEqual([25, 25, 10])
  const large = 'x'.repeat(300_000)
  for (const field of ['inputs', 'outputs', 'error'])
    expect(sizes([0, 1, 2, 3, 4].map((index) => placed(index, { [field]: large })))).toEqual([2, 2, 1])
  expect(sizes([])).toEqual([])
})
