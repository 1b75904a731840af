import type { Endpoints } from '../../agent/protocol.ts'
import { type Check, checks, type Finding } from './finding.ts'
import type { Suggestion } from './suggestion.ts'

export type DiagnosisLine = {
  check: Check
  verdict: Finding['verdict'] | 'skipped'
  message: string
  next: string | undefined
}

export type Diagnosis = {
  /** What was typed where that is no URL. */
  url: string
  endpoints: Endpoints
  isOk: boolean
  /** In the order of `checks`. After one that failed, the rest is skipped. */
  lines: DiagnosisLine[]
  /** How long checks took, in milliseconds. */
  took: Partial<Record<Check, number>>
  canBeSavedAnyway: boolean
  suggestedUrl: string | undefined
  /** What it does, where its schema could be read. */
  workflow: { name: string | undefined; inputs: number } | undefined
  suggestion: Suggestion | undefined
}

export type Findings = {
  /** Returns whether to go on. */
  note(check: Check, finding: Finding): boolean
  conclusion(): Pick<Diagnosis, 'isOk' | 'lines' | 'took' | 'canBeSavedAnyway' | 'suggestedUrl'>
}

const failsWhenDown = new Set<Check>(['name', 'port', 'http', 'health'])

export function createFindings(elapsed: () => number): Findings {
  const findings = new Map<Check, Finding>()
  const took: Diagnosis['took'] = {}
  let noted = elapsed()
  return {
    note(check, finding) {
      findings.set(check, finding)
      took[check] = finding.tookMs ?? elapsed() - noted
      noted = elapsed()
      return finding.verdict !== 'fail'
    },

    conclusion() {
      const lines = checks.map((check): DiagnosisLine => {
        const { verdict, message, next } = findings.get(check) ?? { verdict: 'skipped', message: 'Not checked.' }
        return { check, verdict, message, next }
      })
      const failed = lines.find(({ verdict }) => verdict === 'fail')
      return {
        isOk: failed === undefined,
        lines,
        took,
        canBeSavedAnyway: failed !== undefined && failsWhenDown.has(failed.check),
        suggestedUrl: [...findings.values()].findLast(({ suggestedUrl }) => suggestedUrl !== undefined)?.suggestedUrl,
      }
    },
  }
}
