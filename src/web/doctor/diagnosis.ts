import type { Diagnosis } from '../../orchestrator/doctor/diagnosis.ts'
import { certificateAsJson, presentCertificate } from '../format/certificate.ts'
import { presentChecks } from './checks.ts'

type Offer = { text: string; url: string; label: string }

/** `filledIn` names the form fields that were filled in. */
export function presentDiagnosis(diagnosis: Diagnosis, filledIn: string[]) {
  const { url, lines, suggestedUrl } = diagnosis
  const failed = lines.find(({ verdict }) => verdict === 'fail')
  const step = stepOf(diagnosis)
  const offer = suggestedUrl === undefined ? undefined : offerOf(diagnosis, suggestedUrl, step)
  const last = filledIn.at(-1)
  const list = filledIn.length > 1 ? `${filledIn.slice(0, -1).join(', ')} and ${last}` : last
  const warned = lines.some(({ verdict }) => verdict === 'warn')
  return {
    title: url === '' ? 'Test' : `Test of ${url}`,
    summary: failed ? failed.message : warned ? 'Passed, with a warning' : 'All passed',
    filledIn: list === undefined ? '' : `${list[0]!.toUpperCase()}${list.slice(1)} filled in from what was found.`,
    checks: presentChecks(diagnosis, offer || diagnosis.certificate ? step : undefined),
    offer,
    certificate: presentCertificate(diagnosis.certificate),
  }
}

/** The step of the line that suggests the URL is said beside the button that takes it. */
function stepOf({ lines }: Diagnosis): string | undefined {
  const next = lines.findLast(({ verdict, next }) => verdict === 'fail' && next !== undefined)?.next
  return next ?? lines.findLast(({ verdict }) => verdict === 'warn')?.next
}

/** "Use URL" says what "Try URL." says. */
function offerOf({ url }: Diagnosis, suggestedUrl: string, step = `Try ${suggestedUrl}.`): Offer {
  const used = shortest(suggestedUrl, url)
  return { text: step === `Try ${used}.` ? '' : step, url: suggestedUrl, label: `Use ${used}` }
}

/** The port alone, where only that is another one. */
function shortest(suggested: string, typed: string): string {
  const { hostname, port, pathname, protocol } = new URL(suggested)
  if (port === '' || pathname !== '/' || !URL.canParse(typed)) return suggested
  const before = new URL(typed)
  return before.hostname === hostname && before.protocol === protocol && before.port !== port ? port : suggested
}

export function diagnosisAsJson(diagnosis: Diagnosis) {
  const { url, isOk, lines, suggestion, suggestedUrl, needsCredential, certificate } = diagnosis
  return {
    agent_url: url,
    ok: isOk,
    lines: lines.map(({ check, verdict, message, next }) => ({ check, verdict, message, next: next ?? null })),
    suggestion: suggestion
      ? { agent_id: suggestion.agentId, agent_name: suggestion.agentName, description: suggestion.description }
      : null,
    suggested_url: suggestedUrl ?? null,
    needs_credential: needsCredential,
    certificate: certificateAsJson(certificate),
  }
}
