import type { AgentPage } from '../../../orchestrator/agents/page.ts'
import { tellsOfCertificate } from '../../../shared/text/certificate-words.ts'
import { presentAsked } from '../../format/asked.ts'
import { presentCertificate } from '../../format/certificate.ts'
import type { Times } from '../../format/times.ts'
import { presentLastAnswer } from '../../health/last-answer.ts'
import { presentHealth } from '../../health/state.ts'
import { paths } from '../../http/paths.ts'

const maxBody = 200

/** Why an agent is down, or may be soon, or is degraded; undefined where nothing is wrong. */
export function presentTrouble({ agent, lastAnswer }: AgentPage, times: Times) {
  const shown = presentHealth(agent.health, times)
  if (shown.reason === '' || !['bad', 'waiting'].includes(shown.tone)) return undefined
  const answer = lastAnswer && presentLastAnswer(lastAnswer, times)
  const reason = agent.health.reason ?? ''
  const certificate = tellsOfCertificate(reason)
    ? presentCertificate(lastAnswer?.certificate, agent.fingerprint)
    : undefined
  return {
    asked: presentAsked(agent.id, reason),
    certificate,
    isOther: agent.fingerprint !== undefined,
    acceptPath: paths.editAgent(agent.id),
    tone: shown.tone,
    icon: shown.icon,
    reason: shown.reason,
    answer: answer && {
      ...answer,
      outcome: certificate ? '' : answer.outcome,
      start: cut(answer.body.replace(/\s+/g, ' ').trim()),
    },
  }
}

function cut(text: string): string {
  return text.length > maxBody ? `${text.slice(0, maxBody)}…` : text
}
