import { LRUCache } from 'lru-cache'
import { createSecretMask } from '../../shared/secrets/mask.ts'
import type { RunRecord } from '../../store/ports/runs.ts'
import { withholdSecrets } from '../forms/secrets.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import { withheldTexts } from '../runs/secrets/texts.ts'
import type { Report } from './report.ts'
import type { SafeReport } from './state.ts'

export type ReportedPasswords = {
  /** Leaves out what the kept schema of a registered agent calls a password, as where the dashboard executes the run. */
  withhold(report: Report, known: RunRecord | undefined): Promise<SafeReport>
  /** So that a later report of the run that repeats its passwords is masked too. */
  remember(report: SafeReport): void
}

const maxCharacters = 1024 * 1024

export function createReportedPasswords({
  registry,
  schemas,
}: {
  registry: Pick<Registry, 'find'>
  schemas: Pick<Schemas, 'recall'>
}): ReportedPasswords {
  const remembered = new LRUCache<string, string[]>({
    maxSize: maxCharacters,
    sizeCalculation: (secrets, runId) => secrets.reduce((sum, { length }) => sum + length, runId.length),
  })

  return {
    async withhold(report, known) {
      const { runId, inputs } = report
      const agentId = agentOf(report, known)
      const agent = inputs === undefined ? undefined : registry.find(agentId)
      const schema = agent && (await schemas.recall(agent))?.schema
      const withheld = schema && withholdSecrets(schema, inputs!)
      const sent = withheld ? withheldTexts(inputs!, withheld.stored) : []
      const secrets = [...new Set([...(remembered.get(runId) ?? []), ...sent])].sort((a, b) => b.length - a.length)
      return {
        ...report,
        inputs: withheld ? withheld.stored : inputs,
        withheld: withheld?.fields ?? [],
        secretsOf: agentId,
        secrets,
        mask: secrets.length > 0 ? createSecretMask(secrets) : undefined,
      }
    },

    remember({ runId, secrets }) {
      if (secrets.length > 0) remembered.set(runId, secrets)
    },
  }
}

/** Whose schema says what is a password: only the first report has to name the agent. */
export function agentOf(report: Report, known: RunRecord | undefined): string {
  return report.agentId ?? known?.agentId ?? report.workflow
}
