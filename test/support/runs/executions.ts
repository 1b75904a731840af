import { AgentFailure } from '../../../src/agent/http/failure.ts'
import type { JobAnswer, RetryAfter, RunAnswer } from '../../../src/agent/protocol.ts'
import type { Agent } from '../../../src/orchestrator/registry/agent.ts'
import { agentAt, type Callable } from '../../../src/orchestrator/registry/target.ts'
import { createExecutions, type ExecutionLimits } from '../../../src/orchestrator/runs/engine.ts'
import { localActor } from '../../../src/shared/actor.ts'
import type { RunStore } from '../../../src/store/ports/runs.ts'
import { settle } from '../clock.ts'
import { createTestEvents } from '../events.ts'
import { createRunTable } from '../store/run-table.ts'
import { openTestStore } from '../store/store.ts'

/** Something that an agent was asked, and answers when the test says so. */
type Asked<Answer, About> = About & {
  answer: (answer: Answer) => Promise<void>
  fail: (error: Error) => Promise<void>
}

export const agentNamed = (id: string, more: Partial<Agent> = {}): Agent => ({
  id,
  name: id,
  url: `http://localhost/${id}`,
  protocol: 'plain',
  host: 'localhost',
  port: 80,
  description: '',
  metadata: '{}',
  isSelfRegistered: false,
  registeredAt: 0,
  lastHeartbeatAt: 0,
  ttlSeconds: 60,
  pausedAt: undefined,
  checkIntervalSeconds: undefined,
  checkTimeoutSeconds: undefined,
  credential: undefined,
  ca: undefined,
  fingerprint: undefined,
  healthPath: undefined,
  ...more,
})

export const callableAt = (url: string | undefined): Callable | undefined =>
  url === undefined ? undefined : agentAt(url)

export const succeeded: RunAnswer & JobAnswer = {
  kind: 'completed',
  outputs: '{"a":1}',
  totalTokens: 7,
  totalCostUsd: 0.5,
}

/** The engine on a real database, with a clock that stands still and agents that answer by hand. */
export function createTestExecutions(
  path?: string,
  limits: Partial<ExecutionLimits> = {},
  {
    changing = (change) => change,
    ...more
  }: {
    maxHeldCharacters?: number
    /** Stands between the engine and its changes. */
    changing?: (change: RunStore['change']) => RunStore['change']
  } = {},
) {
  const { store, clock, path: file } = openTestStore(path)
  const runs = createRunTable(store)
  const sent: Asked<
    RunAnswer,
    { address: string; id: string; inputs: string; traceparent: string | undefined; deadlineMs: number }
  >[] = []
  const polled: Asked<JobAnswer & RetryAfter, { address: string; jobId: string }>[] = []
  const { events, errors } = createTestEvents()
  const alive: string[] = []
  events.on('agent-answered', ({ agentId }) => alive.push(agentId))
  /** Where agents are by now that have moved. */
  const addresses = new Map<string, string>()
  let ids = 0

  function ask<Answer, About extends object>(list: Asked<Answer, About>[], about: About, signal: AbortSignal) {
    return new Promise<Answer>((resolve, reject) => {
      const cancelled = () => reject(new AgentFailure('cancelled', 'request aborted'))
      if (signal.aborted) return cancelled()
      signal.addEventListener('abort', cancelled)
      list.push({
        ...about,
        answer: (answer) => {
          resolve(answer)
          return settle()
        },
        fail: (error) => {
          reject(error)
          return settle()
        },
      })
    })
  }

  const executions = createExecutions({
    protocols: {
      plain: {
        run: ({ url }, { id, inputs, traceparent, deadlineMs, signal }) =>
          ask(sent, { address: url, id, inputs, traceparent, deadlineMs }, signal!),
        follow: ({ url }, jobId, { signal }) => ask(polled, { address: url, jobId }, signal!),
      },
    },
    runs: { ...store.runs, change: changing(store.runs.change) },
    clock,
    newId: () => `run-${++ids}`,
    random: () => 0.5,
    randomHex: (bytes) => 'ab'.repeat(bytes),
    limits: { runTimeoutMs: 120_000, jobTimeoutMs: 86_400_000, perAgent: 4, inAll: 100, ...limits },
    ...more,
    writable: store.writable,
    fault: store.fault,
    callable: (agentId) => callableAt(addresses.get(agentId)),
    events,
  })

  return {
    executions,
    events,
    /** The agents that gave a good answer, once for each. */
    alive,
    addresses,
    store,
    clock,
    file,
    runs,
    /** What was sent by POST /run. */
    sent,
    /** What was asked of GET /status. */
    polled,
    /** What the engine could not deal with. */
    errors,
    /** Accepts a run and lets it get as far as it does by itself. */
    async accept(agentId = 'writer', inputs = '{}'): Promise<string> {
      const { runId } = await executions.accept(
        { agent: agentNamed(agentId), inputs, workflow: 'article_writer' },
        localActor,
      )
      await settle()
      return runId
    },
  }
}
