import type { HealthStore } from '../../store/ports/health.ts'
import type { HealthMonitor } from '../health/monitor.ts'
import type { Incidents } from '../health/records/incidents.ts'
import type { Agent } from '../registry/agent.ts'
import type { Registry } from '../registry/registry.ts'
import { notForReaders, type Scope } from './scope.ts'

export function narrowHealthStore(health: HealthStore, { has }: Scope): HealthStore {
  return {
    rollups: async (id, resolution, from) => (has(id) ? health.rollups(id, resolution, from) : []),
    incidents: async (id, max) => (has(id) ? health.incidents(id, max) : []),
    failedRuns: async (id, range, max) => (has(id) ? health.failedRuns(id, range, max) : { runs: [], all: 0 }),

    past: notForReaders,
    record: notForReaders,
    beginIncident: notForReaders,
    endIncidents: notForReaders,
    prune: notForReaders,
    forget: notForReaders,
  }
}

export function narrowIncidents(incidents: Incidents, { has }: Scope): Incidents {
  return {
    list: async (id, checkMs, max) => (has(id) ? incidents.list(id, checkMs, max) : { incidents: [], hasMore: false }),
    downtimes: async (id, from) => (has(id) ? incidents.downtimes(id, from) : { latest: [], since: undefined }),
  }
}

/** `registry` is the narrowed one. */
export function narrowMonitor(
  monitor: HealthMonitor,
  { has }: Scope,
  registry: Pick<Registry, 'all' | 'withLife'>,
): HealthMonitor {
  const ofListed =
    <Rest extends unknown[]>(tell: (agent: Agent, ...rest: Rest) => void) =>
    (agent: Agent, ...rest: Rest) => {
      if (has(agent.id)) tell(agent, ...rest)
    }

  return {
    welcome: ofListed(monitor.welcome),
    update: ofListed(monitor.update),
    beat: ofListed(monitor.beat),
    // Of the agent that it gives, which comes from the narrowed registry.
    of: monitor.of,
    // Also of a URL that nobody has registered: what it answers is the business of who asks.
    ask: monitor.ask,
    answerOf: async (id) => (has(id) ? monitor.answerOf(id) : undefined),

    async checkNow(id) {
      if (has(id)) await monitor.checkNow(id)
    },

    checkAll: (ids) =>
      monitor.checkAll(
        ids?.filter(has) ?? registry.all().flatMap(({ id, pausedAt }) => (pausedAt === undefined ? id : [])),
      ),

    caughtUp: monitor.caughtUp,

    checkedAt() {
      const last = registry.all().flatMap((agent) => monitor.of(agent).checks.at(-1)?.at ?? [])
      return last.length === 0 ? undefined : Math.max(...last)
    },

    // A guess from how many of all agents fail.
    mayBeOffline: () => false,
    // When to look again.
    revision: monitor.revision,

    forget(id) {
      if (has(id)) monitor.forget(id)
    },

    alive: notForReaders,
    start: notForReaders,
    stop: notForReaders,
    lateness: notForReaders,
  }
}
