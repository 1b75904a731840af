import { v4, v7 } from 'uuid'
import type { workflowRuns } from '../../src/store/sqlite/sql/schema/runs.ts'
import { usageOf } from '../agents/workflow.ts'
import { type DemoAgent, demoAgents, urlOf } from '../fleet/agents.ts'
import type { Random } from '../random.ts'
import { badEnding, localFailures } from './endings.ts'
import { type LoggedRun, logOf, type RunLog } from './log.ts'
import { localPayload, oddTexts } from './payloads.ts'
import { runTimes } from './traffic.ts'

export type NewRun = typeof workflowRuns.$inferInsert
export type ExampleRun = { run: NewRun; log?: RunLog }

const dayMs = 86_400_000
const localShare = 0.05
const localFlows = ['local_flow', 'nightly_digest', 'inbox_triage']

type Outage = { agentId: string; startedAt: number; endedAt?: number | null | undefined }

/** Two weeks of runs, oldest first, of which the newest has ended at `now` (milliseconds since 1970). */
export function exampleRuns(now: number, share: number, outages: Outage[], random: Random): ExampleRun[] {
  const isDown = ({ id }: DemoAgent, at: number) =>
    outages.some(({ agentId, startedAt, endedAt }) => agentId === id && at >= startedAt && at < (endedAt ?? now))
  const runs = runTimes(demoAgents, 14, share, random)
    .filter(({ agent, ageMs }) => hasBegun(agent, ageMs))
    .map(({ agent, ageMs }): ExampleRun => {
      if (random.chance(localShare)) return { run: localRun(now - ageMs, random) }
      return agentRun(now, { ageMs, isDown: isDown(agent, now - ageMs) }, agent, random)
    })
    .filter(({ run }) => Number(run.completedAt) < now)
  addOddTexts(runs.flatMap(({ run }) => (run.agentId === undefined && run.status === 'completed' ? [run] : [])))
  return runs.reverse()
}

function hasBegun({ registeredDaysAgo, condition }: DemoAgent, ageMs: number): boolean {
  if (condition.kind === 'paused' && ageMs < condition.forMs) return false
  return ageMs < registeredDaysAgo * dayMs
}

type When = { ageMs: number; isDown: boolean }

function agentRun(now: number, when: When, agent: DemoAgent, random: Random): ExampleRun {
  const { ageMs } = when
  const { workflow, id: agentId } = agent
  const bad = badEnding(agent, when, random)
  const usage = usageOf(workflow.work, random)
  const inputs = bad?.inputs ?? workflow.sample(random)
  const sentAt = now - ageMs + random.whole(2, 15)
  const run = {
    ...commonPart(now - ageMs, bad?.seconds ?? usage.seconds, random),
    workflowName: agentId,
    agentId,
    agentWorkflow: workflow.workflow,
    agentUrl: urlOf(agent),
    attempt: 1,
    sentAt,
    jobId: workflow.isAsync && !bad?.isUnsent ? v4({ random: random.bytes(16) }) : null,
    inputs: JSON.stringify(inputs),
  }
  const outputs = bad ? undefined : workflow.run(inputs)
  const logged: LoggedRun = { ...run, polls: polls(usage.seconds), workflow, usage, outputs, bad }
  const { totalTokens, totalCostUsd } = usage
  const ending = bad
    ? { status: bad.status, errorMessage: bad.errorMessage }
    : { status: 'completed', outputs: JSON.stringify(outputs), totalTokens, totalCostUsd }
  return { run: { ...run, ...(run.jobId && { polls: logged.polls }), ...ending }, log: logOf(logged, random) }
}

const polls = (seconds: number) => Math.ceil(Math.sqrt(seconds) + 1)

function localRun(startedAt: number, random: Random): NewRun {
  const { inputs, outputs, seconds, totalTokens, totalCostUsd } = localPayload(random)
  const isFailed = random.chance(0.12)
  return {
    ...commonPart(startedAt, seconds, random),
    workflowName: random.pick(localFlows),
    inputs: JSON.stringify(inputs),
    ...(isFailed
      ? { status: 'failed', errorMessage: random.pick(localFailures) }
      : { status: 'completed', outputs: JSON.stringify(outputs), totalTokens, totalCostUsd }),
  }
}

function commonPart(startedAt: number, seconds: number, random: Random) {
  const started = Math.round(startedAt)
  const durationMs = Math.round(seconds * 1000)
  return {
    id: v7({ msecs: started, random: random.bytes(16), seq: random.whole(0, 2 ** 31) }),
    startedAt: started,
    completedAt: started + durationMs,
    durationSeconds: durationMs / 1000,
  }
}

function addOddTexts(localRuns: NewRun[]): void {
  localRuns.forEach((run, index) => {
    if (index % 3 === 1) Object.assign(run, oddTexts[((index - 1) / 3) % oddTexts.length])
  })
}
