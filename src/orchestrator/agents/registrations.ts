import type { Actor } from '../../shared/actor.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { EventStream } from '../events.ts'
import type { CheckResult } from '../health/checks/check.ts'
import type { HealthMonitor } from '../health/monitor.ts'
import { calledAs, refuseOtherOrigin } from '../registry/access.ts'
import type { Agent, RegisteredAgent } from '../registry/agent.ts'
import { type Registration, type RegistrationRequest, readRegistration } from '../registry/registration.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import { readSelfRegistration, type SelfRegistrationRequest } from '../registry/self-registration.ts'
import { agentAt } from '../registry/target.ts'
import type { Admission, Admitted } from './admission.ts'

export type AgentRegistrations = {
  /** Saves a healthy agent, or any with `anyway`, over an earlier one of the same id. When it throws InvalidInputError,
   * BadAddressError or AgentUnavailableError, nothing was saved. */
  register(request: RegistrationRequest, by: Actor): Promise<{ agent: Agent; isUpdate: boolean; checked: Admitted }>
  registerItself(request: SelfRegistrationRequest, by: Actor): Promise<RegisteredAgent>
  /** Throws NotFoundError. */
  beat(id: string, by: Actor): Promise<Agent>
}

export function createAgentRegistrations(deps: {
  registry: Registry
  health: Pick<HealthMonitor, 'welcome' | 'beat'>
  schemas: Pick<Schemas, 'fetchEarly'>
  admission: Admission
  events: Pick<EventStream, 'emit'>
  clock: Pick<Clock, 'now'>
}): AgentRegistrations {
  const { registry, health, schemas, admission, events, clock } = deps

  async function save(
    registration: Registration,
    found: CheckResult | undefined,
    by: Actor,
  ): Promise<{ agent: Agent; isUpdate: boolean }> {
    const { agent, isUpdate } = await registry.save(registration)
    health.welcome(agent, found)
    if (found) schemas.fetchEarly(agent)
    events.emit('agent-registered', { agentId: agent.id, isUpdate, by })
    return { agent, isUpdate }
  }

  return {
    async register(request, by) {
      const registration = readRegistration(request)
      const { url, access } = registration
      const before = registry.find(registration.id)
      refuseOtherOrigin(before, url, access)
      const called = calledAs({ ...before, ...agentAt(url) }, access, clock.now())
      const how = { anyway: request.anyway, isCredentialNew: access.credential !== undefined }
      const checked = await admission.check(called, how)
      return { ...(await save(registration, checked.found, by)), checked }
    },

    async registerItself(request, by) {
      const { agent } = await save(readSelfRegistration(request, registry.find), undefined, by)
      return registry.withLife(agent)
    },

    async beat(id, by) {
      const agent = await registry.beat(id)
      health.beat(agent)
      events.emit('heartbeat-received', { agentId: id, by })
      return agent
    },
  }
}
