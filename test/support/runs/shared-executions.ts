import { AgentFailure } from '../../../src/agent/http/failure.ts'
import type { JobAnswer, RetryAfter, RunAnswer } from '../../../src/agent/protocol.ts'
import { createCluster } from '../../../src/orchestrator/cluster/cluster.ts'
import { createExecutions } from '../../../src/orchestrator/runs/engine.ts'
import { localActor } from '../../../src/shared/actor.ts'
import type { Clock } from '../../../src/shared/time/clock.ts'
import type { Store } from '../../../src/store/ports.ts'
import { createTestEvents } from '../events.ts'
import { openTestPostgres } from '../store/postgres.ts'
import { agentNamed } from './executions.ts'

type Call<Answer> = { runId: string; answer: (answer: Answer) => void }

/** What agents were asked by all dashboards, each once answered by hand. */
export function createSharedAgents() {
  const sent: Call<RunAnswer>[] = []
  const polled: Call<JobAnswer & RetryAfter>[] = []

  function ask<Answer>(list: Call<Answer>[], runId: string, signal: AbortSignal) {
    return new Promise<Answer>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new AgentFailure('cancelled', 'request aborted')))
      list.push({ runId, answer: resolve })
    })
  }
  return { sent, polled, ask }
}

/** One of several dashboards on a database: its engine, with a clock of its own, which may stand still. */
export async function createSharedExecutions(
  name: string,
  url: string,
  agents: ReturnType<typeof createSharedAgents>,
  { clock, ttlMs, perAgent = 4, inAll = 100 }: { clock: Clock; ttlMs: number; perAgent?: number; inAll?: number },
) {
  const { store } = await openTestPostgres({ url, clock })
  const { events, errors } = createTestEvents()
  const limits = { perAgent, inAll, runTimeoutMs: 120_000, jobTimeoutMs: 86_400_000 }
  const cluster = createCluster({
    ...{ store: store as Store, ttlMs, limits, clock, events },
    dashboard: { name, version: '1.0.0' },
    processId: `process ${name}`,
  })!
  let ids = 0
  const executions = createExecutions({
    protocols: {
      plain: {
        run: (_, { id, signal }) => agents.ask(agents.sent, id, signal!),
        follow: (_, jobId, { signal }) => agents.ask(agents.polled, jobId, signal!),
      },
    },
    runs: store.runs,
    clock,
    newId: () => `${name}-${++ids}`,
    random: () => 0.5,
    randomHex: (bytes) => 'ab'.repeat(bytes),
    limits,
    writable: store.writable,
    fault: store.fault,
    callable: () => undefined,
    shared: cluster,
    events,
  })
  await cluster.start(executions)
  return {
    ...{ store, executions, cluster, errors },
    async accept(agentId = 'writer', more: { withheld?: { stored: string; fields: string[] } } = {}): Promise<string> {
      const request = { agent: agentNamed(agentId), inputs: '{"a":1}', ...more }
      return (await executions.accept(request, localActor)).runId
    },
    async stop(): Promise<void> {
      await executions.close()
      await cluster.close()
    },
  }
}
