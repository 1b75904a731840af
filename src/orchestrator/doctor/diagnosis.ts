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
  canBeSavedAnyway: boolean
  suggestedUrl: string | undefined
  suggestion: Suggestion | undefined
}

export type Findings = {
  /** Returns whether to go on. */
  note(check: Check, finding: Finding): boolean
  conclusion(): Pick<Diagnosis, 'isOk' | 'lines' | 'canBeSavedAnyway' | 'suggestedUrl'>
}

const failsWhenDown = new Set<Check>(['name', 'port', 'http', 'health'])

export function createFindings(): Findings {
  const findings = new Map<Check, Finding>()
  return {
    note(check, finding) {
      findings.set(check, finding)
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
        canBeSavedAnyway: failed !== undefined && failsWhenDown.has(failed.check),
        suggestedUrl: [...findings.values()].findLast(({ suggestedUrl }) => suggestedUrl !== undefined)?.suggestedUrl,
      }
    },
  }
}
