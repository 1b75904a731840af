import { AgentFailure } from '../../agent/http/failure.ts'
import type { HealthReport } from '../../agent/protocol.ts'
import { hostAndPort } from '../../shared/endpoint.ts'
import { tellsOfCertificate } from '../../shared/text/certificate-words.ts'
import { callable, tryIt, withScheme } from './address.ts'
import { type Finding, fail, pass, sentence, shown, warn } from './finding.ts'
import { agentNearby } from './nearby.ts'
import type { Visit } from './visit.ts'

export type Answered = { report: HealthReport; tookMs: number } | { failure: AgentFailure; withinMs: number }

const lookUpMs = 2000
const connectMs = 2500
const secondGuessMs = 1500
const maxAddresses = 3
/** An unusable answer came, but in HTTP. */
const failuresInHttp = new Set(['redirect', 'encoded', 'too-large', 'self', 'interim', 'charset'])

const vanished = new Set(['name', 'refused', 'unreachable'])

export async function lookUpName({ url, probe, timeLeft }: Visit): Promise<Finding> {
  const { host } = hostAndPort(url)
  try {
    const addresses = await probe.lookUp(host, timeLeft(lookUpMs))
    const better = callable(url)
    if (better !== undefined) {
      return warn(`${host} is a listen address and cannot be reached from another machine.`, tryIt(better), better)
    }
    if (addresses[0] === host) return pass(`${host} is an address, so there is no name to look up.`)
    const more = addresses.length - maxAddresses
    const list = addresses.slice(0, maxAddresses).join(', ')
    return pass(`${shown(host, 80)} is ${list}${more > 0 ? ` and ${more} more` : ''}.`)
  } catch (error) {
    const { kind, reason } = failureIn(error)
    if (kind === 'forbidden') return fail(sentence(reason), 'Use an address of the agent in your own network.')
    return fail(sentence(reason), 'Check the spelling. The machine that runs this dashboard has to know the name.')
  }
}

export async function tryPort(visit: Visit): Promise<Finding> {
  const { url, probe, timeLeft, elapsed } = visit
  const { host, port } = hostAndPort(url)
  const startedAt = elapsed()
  try {
    await probe.openPort(host, port, timeLeft(connectMs))
    return pass(`Port ${port} is open.`)
  } catch (error) {
    const { kind, reason } = failureIn(error)
    const message = `Port ${port} of ${shown(host, 80)} cannot be reached: ${reason}.`
    const tookMs = elapsed() - startedAt
    if (kind === 'refused') return { ...(await nobodyListens(visit)), tookMs }
    if (kind === 'timeout') return fail(message, 'Is the machine on, and does a firewall let this port through?')
    return fail(message, 'Check the network between this dashboard and the agent.')
  }
}

async function nobodyListens(visit: Visit): Promise<Finding> {
  const { host, port } = hostAndPort(visit.url)
  const message = `Connection refused: nothing listens on ${shown(host, 80)}:${port}.`
  const other = await agentNearby(visit)
  if (other === undefined) return fail(message, 'Is it running? Start it, then test again.')
  return fail(message, `An agent answers at ${new URL(other).host}, and it is not registered yet.`, other)
}

export async function judgeHttp(visit: Visit, answered: Answered): Promise<Finding> {
  const isTls = visit.url.startsWith('https:')
  const isHttp = pass(isTls ? 'HTTPS OK, and the certificate is accepted.' : 'HTTP OK.')
  if ('report' in answered) {
    // Servers answer 400 to plain HTTP on a port for TLS.
    return answered.report.reply.status === 400 && !isTls ? ((await otherScheme(visit)) ?? isHttp) : isHttp
  }
  const { failure, withinMs } = answered
  if (failuresInHttp.has(failure.kind)) return isHttp
  if (failure.kind === 'tls' && tellsOfCertificate(failure.reason)) {
    const { certificate } = failure.details
    if (!certificate) return fail(sentence(failure.reason), 'Use a certificate that this machine trusts.')
    const { fingerprint, issuer } = certificate
    const named = `It was issued by ${shown(issuer, 80)}; its SHA-256 is ${fingerprint}.`
    const next = `${named} Accept it if that is the same on the machine of the agent.`
    return { ...fail(sentence(failure.reason), next), certificate }
  }
  // Some servers without TLS wait for the end of a line that a handshake never sends.
  const other = failure.kind !== 'timeout' || isTls ? await otherScheme(visit) : undefined
  return other ?? noHttp(failure, withinMs)
}

function noHttp({ kind, reason }: AgentFailure, withinMs: number): Finding {
  if (kind === 'timeout') {
    return fail(
      `The port is open, but no answer came within ${Math.round(withinMs / 100) / 10} s.`,
      "It may be busy or hang. Test again in a moment, or check the agent's logs.",
    )
  }
  if (kind === 'tls') return fail('The TLS handshake fails.', "Does this port speak HTTPS? Check the agent's logs.")
  if (vanished.has(kind)) return fail(sentence(reason), 'It was there a moment ago. Test again.')
  if (kind === 'reset') return fail(sentence(reason), "Test again. If it stays like this, check the agent's logs.")
  return fail(
    reason.includes('HTTP') ? 'What listens there does not speak HTTP.' : `Its HTTP cannot be read: ${shown(reason)}.`,
    'Is this the port of another program? The agent printed its own when it started.',
  )
}

async function otherScheme(visit: Visit): Promise<Finding | undefined> {
  const { url, probe, timeLeft } = visit
  const { host, port } = hostAndPort(url)
  if (url.startsWith('http:')) {
    if (!(await probe.speaksTls(host, port, timeLeft(secondGuessMs)))) return undefined
    const better = withScheme(url, 'https')
    return fail(`Port ${port} speaks TLS, and the URL begins with http.`, tryIt(better), better)
  }
  const better = withScheme(url, 'http')
  if (!(await speaksHttp(visit, better))) return undefined
  return fail(`Port ${port} does not speak TLS, and the URL begins with https.`, tryIt(better), better)
}

async function speaksHttp({ target, protocol, timeLeft }: Visit, url: string): Promise<boolean> {
  try {
    await protocol.checkHealth(target(url), { deadlineMs: timeLeft(secondGuessMs) })
    return true
  } catch (error) {
    return failuresInHttp.has(failureIn(error).kind)
  }
}

export function failureIn(error: unknown): AgentFailure {
  if (error instanceof AgentFailure) return error
  throw error
}
