import { AgentFailure } from '../../../src/agent/http/failure.ts'
import type { HealthAnswer } from '../../../src/agent/protocol.ts'
import { createHealthMonitor } from '../../../src/orchestrator/health/monitor.ts'
import { createHealthRecorder } from '../../../src/orchestrator/health/records/recorder.ts'
import type { Agent } from '../../../src/orchestrator/registry/agent.ts'
import { createHeartbeats } from '../../../src/orchestrator/registry/heartbeats.ts'
import { settle } from '../clock.ts'
import { createTestEvents } from '../events.ts'
import { agentNamed } from '../runs/executions.ts'
import { openTestStore } from '../store/store.ts'
import { reply } from './reply.ts'

type AskedCheck = {
  name: string
  at: number
  endpoint: string | undefined
  timeoutMs: number
  answer: (answer: HealthAnswer, endpoint?: string) => Promise<void>
  fail: (error: Error) => Promise<void>
}

export const healthy: HealthAnswer = { verdict: 'healthy' }
export const refused = () => new AgentFailure('refused', 'connection refused', true)
export const timedOut = () => new AgentFailure('timeout', 'no answer within 3 s')

type Options = {
  path?: string
  random?: () => number
  intervalMs?: number
  /** What agents do that are not answered by hand: how long after being asked, and what. */
  behave?: (name: string, number: number) => { afterMs: number; with: HealthAnswer | Error } | undefined
}

/** The monitor on a real database, with a clock that stands still and agents that answer when the test says so. */
export function watchAgents(names: string[], options: Options = {}) {
  const { store, clock, path } = openTestStore(options.path)
  const agents = new Map(names.map((name) => [name, agentNamed(name)]))
  const checks: AskedCheck[] = []
  const { events, errors } = createTestEvents()
  const runs = new Map<string, number>()
  let version = 0
  let inFlight = 0
  let mostInFlight = 0

  const heartbeats = createHeartbeats(clock)
  const recorder = createHealthRecorder({
    store: store.health,
    clock,
    agentIds: () => [...agents.keys()],
    events,
  })
  const monitor = createHealthMonitor({
    protocols: {
      plain: {
        checkHealth: ({ url }, { endpoint, deadlineMs: timeoutMs }) =>
          new Promise((resolve, reject) => {
            const name = url.split('/').at(-1)!
            mostInFlight = Math.max(mostInFlight, ++inFlight)
            const check: AskedCheck = {
              name,
              at: clock.now(),
              endpoint,
              timeoutMs,
              answer: async (answer, found = endpoint ?? '/health') => {
                inFlight--
                resolve({ ...answer, endpoint: found, reply: reply({}) })
                await settle()
              },
              fail: async (error) => {
                inFlight--
                reject(error)
                await settle()
              },
            }
            checks.push(check)
            const does = options.behave?.(name, checks.filter((one) => one.name === name).length)
            if (!does) return
            clock.after(does.afterMs, () =>
              does.with instanceof Error ? check.fail(does.with) : check.answer(does.with),
            )
          }),
      },
    },
    clock,
    random: options.random ?? (() => 0.5),
    refreshAgents: async () => {},
    agents: () => [...agents.values()],
    version: () => version,
    runsOn: (id) => runs.get(id) ?? 0,
    isWorking: (address) => (runs.get(address.split('/').at(-1)!) ?? 0) > 0,
    isExpired: (agent) => agent.isSelfRegistered && !heartbeats.isAlive(agent),
    recorder,
    intervalMs: options.intervalMs ?? 10_000,
    timeoutMs: 3000,
    events,
  })

  return {
    clock,
    start: clock.now(),
    store,
    path,
    record: store.health,
    recorder,
    events,
    monitor,
    checks,
    errors,
    agents,
    /** How many runs of ours an agent works on. */
    runs,
    mostInFlight: () => mostInFlight,
    resetMostInFlight(): void {
      mostInFlight = inFlight
    },
    /** Adds an agent, or puts another in its place. */
    put(name: string, more: Partial<Agent> = {}): void {
      agents.set(name, { ...agentNamed(name), ...more })
      version++
    },
    remove(name: string): void {
      agents.delete(name)
      version++
    },
    of: (name: string) => monitor.of(agents.get(name)!),
    /** Lets the next check of an agent come, and answers it. */
    async next(name: string, answer: HealthAnswer | Error): Promise<void> {
      const before = checks.length
      while (!checks.slice(before).some((one) => one.name === name)) await clock.advance(500)
      const check = checks.findLast((one) => one.name === name)!
      await (answer instanceof Error ? check.fail(answer) : check.answer(answer))
    },
  }
}
