import { AgentFailure } from '../../agent/http/failure.ts'
import { hostAndPort } from '../../shared/endpoint.ts'
import { isOwnHost } from './address.ts'
import type { Visit } from './visit.ts'

const connectMs = 300
const answerMs = 800
const reach = 10
/** Where agents usually are. */
const [first, last] = [8000, 8020]

/** The URL of an agent that is not registered, at another port of this machine: where nothing listens at its own. */
export async function agentNearby(visit: Visit): Promise<string | undefined> {
  const { url } = visit
  if (!isOwnHost(url)) return undefined
  const { port } = hostAndPort(url)
  const open = await Promise.all(portsNear(port).map((other) => isOpen(visit, other).then((is) => (is ? [other] : []))))
  for (const other of open.flat()) {
    const candidate = withPort(url, other)
    if (!visit.isRegistered(candidate) && (await isAgent(visit, candidate))) return candidate
  }
  return undefined
}

function portsNear(port: number): number[] {
  const usual = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  const around = Array.from({ length: 2 * reach + 1 }, (_, index) => port - reach + index)
  return [...new Set([...around, ...usual])]
    .filter((other) => other !== port && other > 0 && other <= 65_535)
    .sort((a, b) => Math.abs(a - port) - Math.abs(b - port))
}

async function isOpen({ url, probe, timeLeft }: Visit, port: number): Promise<boolean> {
  return answers(probe.openPort(hostAndPort(url).host, port, timeLeft(connectMs)))
}

/** Many servers say how they are; only agents have a schema. */
async function isAgent({ target, protocol, timeLeft }: Visit, url: string): Promise<boolean> {
  const called = target(url)
  const ask = { deadlineMs: timeLeft(answerMs) }
  return (await answers(protocol.describe(called, ask))) && answers(protocol.checkHealth(called, ask))
}

async function answers(call: Promise<unknown>): Promise<boolean> {
  try {
    await call
    return true
  } catch (error) {
    if (error instanceof AgentFailure) return false
    throw error
  }
}

function withPort(url: string, port: number): string {
  const { protocol, hostname } = new URL(url)
  return `${protocol}//${hostname}:${port}`
}
