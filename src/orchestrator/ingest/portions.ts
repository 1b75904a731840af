import type { Report } from './report.ts'

/** So that one write, which others wait for, takes some milliseconds. */
const maxReports = 25
const maxCharacters = 512 * 1024

type Placed = { report: Report; index: number }

/** In their order, and of each run one at most: the next report of it is read against what the one before has changed. */
export function* inPortions(reports: Placed[]): Generator<Placed[]> {
  let portion: Placed[] = []
  let characters = 0
  for (const one of reports) {
    const isFull = portion.length === maxReports || characters >= maxCharacters
    if (isFull || portion.some(({ report }) => report.runId === one.report.runId)) {
      yield portion
      portion = []
      characters = 0
    }
    portion.push(one)
    const { inputs = '', outputs = '', error = '' } = one.report
    characters += inputs.length + outputs.length + error.length
  }
  if (portion.length > 0) yield portion
}
