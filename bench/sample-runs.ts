import type { RunRecord } from '../src/store/ports/runs.ts'
import { createRandom } from '../test/support/random.ts'
import { samplePayloads, searches } from './sample-payloads.ts'

const yearMs = 365 * 24 * 3_600_000
const errors = [
  'Cannot connect to agent: connection refused',
  'The agent answered 500: out of memory',
  'Timed out after 120 s',
]

export const placesPerMs = 4096
/** Of the year: the runs of a part come again in each later one, under other ids. */
export const parts = 10
export const partMs = yearMs / parts
const rareInPart = 2

/** `end` is when the year is over; a minute ago by default. */
export type HistorySize = { runs: number; agents: number; payloadBytes: number; end?: number }

/** `number` is what its id ends with. */
export type SampleRun = RunRecord & { number: number; seq: number }

export const runsInPart = ({ runs }: HistorySize): number => Math.ceil(runs / parts)

export const idBeforeNumber = '01980000-0000-7000-8000-'
export const digitsOfNumber = 12

/** Of runs that ended long ago, and that no other run or person had to do with. */
const ofAll = {
  ...{ errorFields: [], withheld: [], schemaId: null, agentUrl: null, jobId: null, polls: null },
  ...{ rerunOf: null, reportedAt: null, traceId: null, isSampled: true, isReported: false },
  ...{ startedBy: null, startedById: null, config: null, bottleneck: null },
}

/** What a year of some agents and some of Python's own workflows leaves, oldest first: nine of ten completed. */
export function* sampleRuns(size: HistorySize): Generator<SampleRun> {
  const { end = Date.now() - 60_000 } = size
  for (let part = 0; part < parts; part++) yield* firstPart({ ...size, end: end + part * partMs }, part)
}

/** The runs of the first part of the year; with the numbers of another one, where that is given. */
export function* firstPart(size: HistorySize, part = 0): Generator<SampleRun> {
  const { agents, payloadBytes, end = Date.now() - 60_000 } = size
  const runs = runsInPart(size)
  const random = createRandom(7)
  const oneOf = <T>(list: T[]): T => list[Math.floor(random() * list.length)]!
  const payloads = samplePayloads(random, Math.min(runs, 20_000), payloadBytes)
  for (let index = 0; index < runs; index++) {
    const startedAt = end - yearMs + Math.floor((index / runs) * partMs)
    const number = part * runs + index
    const isLocal = index % 50 === 49
    const agent = isLocal ? oneOf(['report', 'digest', 'cleanup']) : `agent-${Math.floor(random() ** 1.5 * agents)}`
    const luck = random()
    const status = luck < 0.9 ? 'completed' : luck < 0.97 ? 'failed' : luck < 0.99 ? 'cancelled' : 'lost'
    const seconds = Math.round(Math.exp(random() * 4 + random() * 3) * 1000) / 1000
    const isDone = status === 'completed'
    const tokens = isDone && random() < 0.8 ? Math.floor(random() * 5000) : null
    const { inputs, outputs } = oneOf(payloads)
    const isRare = index % Math.ceil(runs / rareInPart) === 7
    yield {
      ...ofAll,
      id: idBeforeNumber + String(number).padStart(digitsOfNumber, '0'),
      ...{ number, seq: startedAt * placesPerMs, agent },
      ...(isLocal ? { agentId: null, attempt: 0 } : { agentId: agent, attempt: 1 }),
      workflow: isLocal ? agent : `${agent}-workflow-${index % 2}`,
      ...{ status, startedAt, sentAt: startedAt },
      error: status === 'failed' ? oneOf(errors) : null,
      completedAt: Math.round(startedAt + seconds * 1000),
      durationSeconds: seconds,
      totalTokens: tokens,
      totalCostUsd: tokens === null ? null : tokens * 2e-6,
      inputs: isRare ? inputs.replace('", "notes', ` ${searches.rare}$&`) : inputs,
      outputs: isDone ? outputs : null,
    }
  }
}
