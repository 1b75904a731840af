import type { Certificate } from '../../agent/http/trust.ts'
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
  /** Of the agent, refused. */
  certificate: Certificate | undefined
  needsCredential: boolean
  /** What it does, where its schema could be read. */
  workflow: { name: string | undefined; inputs: number } | undefined
  suggestion: Suggestion | undefined
}

export type Findings = {
  note(check: Check, finding: Finding): boolean
  conclusion(): Pick<
    Diagnosis,
    'isOk' | 'lines' | 'took' | 'canBeSavedAnyway' | 'suggestedUrl' | 'certificate' | 'needsCredential'
  >
}

const failsWhenDown = new Set<Check>(['name', 'port', 'http', 'health'])

export function createFindings(elapsed: () => number): Findings {
  const findings = new Map<Check, Finding>()
  const took: Diagnosis['took'] = {}
  let notedAt = elapsed()
  return {
    note(check, finding) {
      findings.set(check, finding)
      took[check] = finding.tookMs ?? elapsed() - notedAt
      notedAt = elapsed()
      return finding.verdict !== 'fail'
    },

    conclusion() {
      const lines = checks.map((check): DiagnosisLine => {
        const { verdict, message, next } = findings.get(check) ?? { verdict: 'skipped', message: 'Not checked.' }
        return { check, verdict, message, next }
      })
      const noted = [...findings.values()]
      const failed = lines.find(({ verdict }) => verdict === 'fail')
      return {
        isOk: failed === undefined,
        lines,
        took,
        canBeSavedAnyway: failed !== undefined && failsWhenDown.has(failed.check),
        suggestedUrl: noted.findLast(({ suggestedUrl }) => suggestedUrl !== undefined)?.suggestedUrl,
        certificate: noted.find(({ certificate }) => certificate !== undefined)?.certificate,
        needsCredential: noted.some(({ needsCredential }) => needsCredential),
      }
    },
  }
}
