import { acceptedAnother, tellsOfCertificate } from '../../shared/text/certificate-words.ts'
import { credentialPhraseIn } from '../../shared/text/credential-words.ts'
import { paths } from '../http/paths.ts'
import { presentReason } from './reason.ts'

/** What somebody has to enter or accept before an agent can be used: `word` says what is amiss. */
export type Asked = { word: string; label: string; path: string; otherwise: string }

/** Of a reason or an error of an agent; undefined where it tells of no credential. */
export function presentAsked(agentId: string, said: string): Asked | undefined {
  const phrase = credentialPhraseIn(said)
  return phrase === undefined
    ? undefined
    : {
        word: presentReason(phrase),
        label: 'Enter its credential',
        path: paths.editAgent(agentId, { at: 'credential' }),
        otherwise: 'Ask an admin to enter its credential.',
      }
}

/** In JSON: where an admin enters the credential that an agent asks for. */
export function credentialUrl(agentId: string | undefined, said: string | null | undefined): string | null {
  return agentId === undefined ? null : (presentAsked(agentId, said ?? '')?.path ?? null)
}

export function presentRefusedCertificate(agentId: string, said: string): Asked | undefined {
  return tellsOfCertificate(said)
    ? {
        word: said.includes(acceptedAnother) ? 'Another certificate' : 'Certificate not accepted',
        label: 'See its certificate',
        path: paths.agentPage(agentId),
        otherwise: 'Ask an admin to accept its certificate.',
      }
    : undefined
}
