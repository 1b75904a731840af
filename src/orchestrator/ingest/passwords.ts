import { withholdSecrets } from '../forms/secrets.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import { createSecretMask } from '../runs/secrets/mask.ts'
import { withheldTexts } from '../runs/secrets/texts.ts'
import type { Report } from './report.ts'
import type { SafeReport } from './state.ts'

/** Leaves out what the kept schema of a registered agent calls a password, as where the dashboard executes the run. */
export async function withoutPasswords(
  report: Report,
  { registry, schemas }: { registry: Pick<Registry, 'find'>; schemas: Pick<Schemas, 'recall'> },
): Promise<SafeReport> {
  const { inputs, outputs, error } = report
  const agent = registry.find(report.agentId ?? report.workflow)
  const known = agent && inputs !== undefined ? await schemas.recall(agent) : undefined
  const withheld = known && withholdSecrets(known.schema, inputs!)
  if (!withheld) return { ...report, withheld: [] }
  const mask = createSecretMask(withheldTexts(inputs!, withheld.stored))
  return {
    ...report,
    inputs: withheld.stored,
    withheld: withheld.fields,
    outputs: outputs && mask.json(outputs),
    error: error && mask.text(error),
  }
}
