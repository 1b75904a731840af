import { v4, v7 } from 'uuid'
import type { workflowRuns } from '../../src/store/sqlite/sql/schema/runs.ts'
import { type ExampleAgent, researcher, scraper, summarizer, writer } from './agents.ts'
import { type BadEnding, badEnding, localFailures, unreachable } from './endings.ts'
import { localPayload, oddTexts, type Payload, payloads } from './payloads.ts'
import type { Random } from './random.ts'

export type NewRun = typeof workflowRuns.$inferInsert

const runCount = 200
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** Runs this young are short ones, so that none ends later than the newest begins. */
const freshMs = 8 * minuteMs
const localFlows = ['local_flow', 'nightly_digest', 'inbox_triage']
const usdPerToken: Record<string, number> = { 'research-agent': 0.0000045, 'article-writer': 0.0000082 }
const usualUsdPerToken = 0.0000006

/** Two weeks of runs, oldest first, of which the newest began at `newest` (milliseconds since 1970). */
export function exampleRuns(newest: number, random: Random): NewRun[] {
  const runs: NewRun[] = []
  let ageMs = 0
  for (let index = 0; index < runCount; index++) {
    runs.push(exampleRun(newest - ageMs, ageMs, random))
    ageMs += gapMs(index, random)
  }
  addOddTexts(runs.filter((run) => run.agentId === undefined && run.status === 'completed'))
  return runs.reverse()
}

/** Runs come in bursts, and those before the newest in quick succession: a list of today should not be empty. */
function gapMs(index: number, random: Random): number {
  if (index < 15) return random.whole(minuteMs, 25 * minuteMs)
  return random.chance(0.3) ? random.whole(20_000, 4 * minuteMs) : random.whole(20 * minuteMs, 285 * minuteMs)
}

function exampleRun(startedAt: number, ageMs: number, random: Random): NewRun {
  const choice = ageMs < freshMs ? 0 : random.between(0, 1)
  if (choice > 0.87) return localRun(startedAt, random)
  const agent = choice < 0.25 ? summarizer : choice < 0.55 ? researcher : choice < 0.73 ? writer : scraper
  const isGone = agent.goneDaysAgo !== undefined && ageMs < agent.goneDaysAgo * dayMs
  // Nobody goes on trying for long.
  if (isGone && random.chance(0.7)) return agentRun(startedAt, researcher, random)
  if (isGone) return agentRun(startedAt, agent, random, unreachable(agent, random))
  const isBad = ageMs >= freshMs && random.chance(0.15)
  return agentRun(startedAt, agent, random, isBad ? badEnding(agent, random) : undefined)
}

function agentRun(startedAt: number, agent: ExampleAgent, random: Random, bad?: BadEnding): NewRun {
  const payload = payloads[agent.agentId]!(random)
  const { agentId, url: agentUrl } = agent
  const hasJob = agentId === 'research-agent' && (bad === undefined || bad.hasJob === true)
  return {
    ...commonPart(startedAt, bad?.seconds ?? payload.seconds, random),
    workflowName: agentId,
    agentId,
    agentWorkflow: agent.schema.workflow,
    agentUrl,
    attempt: 1,
    sentAt: startedAt + random.whole(2, 15),
    jobId: hasJob ? v4({ random: random.bytes(16) }) : null,
    inputs: JSON.stringify(bad?.inputs ?? payload.inputs),
    ...(bad ? { status: bad.status, errorMessage: bad.errorMessage } : completed(payload, usdPerToken[agentId])),
  }
}

function localRun(startedAt: number, random: Random): NewRun {
  const payload = localPayload(random)
  const isFailed = random.chance(0.12)
  return {
    ...commonPart(startedAt, payload.seconds, random),
    workflowName: random.pick(localFlows),
    inputs: JSON.stringify(payload.inputs),
    ...(isFailed ? { status: 'failed', errorMessage: random.pick(localFailures) } : completed(payload)),
  }
}

function commonPart(startedAt: number, seconds: number, random: Random) {
  const durationMs = Math.round(seconds * 1000)
  return {
    id: v7({ msecs: startedAt, random: random.bytes(16), seq: random.whole(0, 2 ** 31) }),
    startedAt,
    completedAt: startedAt + durationMs,
    durationSeconds: durationMs / 1000,
  }
}

function completed({ outputs, totalTokens }: Payload, usd = usualUsdPerToken) {
  const totalCostUsd = totalTokens === null ? null : Number((totalTokens * usd).toFixed(6))
  return { status: 'completed', outputs: JSON.stringify(outputs), totalTokens, totalCostUsd }
}

function addOddTexts(localRuns: NewRun[]): void {
  localRuns.forEach((run, index) => {
    if (index % 3 === 1) Object.assign(run, oddTexts[((index - 1) / 3) % oddTexts.length])
  })
}
