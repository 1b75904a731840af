import type { Actor } from '../../shared/actor.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { EventStream } from '../events.ts'
import type { HealthMonitor } from '../health/monitor.ts'
import { calledAs, refuseOtherOrigin } from '../registry/access.ts'
import type { Agent } from '../registry/agent.ts'
import { type AgentEditRequest, readAgentEdit } from '../registry/edit.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import type { Callable } from '../registry/target.ts'
import type { Admission, Admitted } from './admission.ts'
import { changedFields } from './changed-fields.ts'

export type AgentEdits = {
  /** A new URL, credential, certificate or health path is checked first; with `anyway` it is saved whatever that finds.
   * When it throws NotFoundError, InvalidInputError, BadAddressError or AgentUnavailableError, nothing was saved. */
  edit(id: string, request: AgentEditRequest, by: Actor): Promise<{ agent: Agent; checked: Admitted | undefined }>
  /** Both throw NotFoundError. */
  pause(id: string, by: Actor): Promise<Agent>
  resume(id: string, by: Actor): Promise<Agent>
}

export function createAgentEdits(deps: {
  registry: Registry
  health: Pick<HealthMonitor, 'welcome' | 'update'>
  schemas: Pick<Schemas, 'forget' | 'fetchEarly'>
  admission: Admission
  events: Pick<EventStream, 'emit'>
  clock: Pick<Clock, 'now'>
}): AgentEdits {
  const { registry, health, schemas, admission, events, clock } = deps

  async function setPause(id: string, at: number | undefined, by: Actor): Promise<Agent> {
    const agent = await registry.pause(id, at)
    health.update(agent)
    events.emit('agent-changed', { agentId: id, change: at === undefined ? 'resumed' : 'paused', by })
    return agent
  }

  return {
    async edit(id, request, by) {
      const before = registry.get(id)
      const edit = readAgentEdit(request, before)
      const { url, access } = edit
      refuseOtherOrigin(before, url, access)
      const hasMoved = url !== before.url
      const called = calledAs({ ...before, url }, access, clock.now())
      const how = { anyway: request.anyway, isCredentialNew: access.credential !== undefined }
      const checked = hasMoved || isNew(called, before) ? await admission.check(called, how) : undefined
      const agent = await registry.edit(before, edit)
      if (!checked) health.update(agent)
      else {
        if (hasMoved) schemas.forget(before)
        health.welcome(agent, checked.found)
        if (checked.found) schemas.fetchEarly(agent)
      }
      events.emit('agent-changed', { agentId: id, change: 'edited', fields: changedFields(before, edit), by })
      return { agent, checked }
    },

    pause: (id, by) => setPause(id, registry.get(id).pausedAt ?? clock.now(), by),

    resume: (id, by) => setPause(id, undefined, by),
  }
}

/** What is removed is not checked: it is removed whatever the agent answers without it. */
function isNew(called: Callable, before: Agent): boolean {
  const { credential, ca, fingerprint, healthPath } = called
  return (
    (credential !== undefined && credential !== before.credential) ||
    (ca !== undefined && ca !== before.ca) ||
    (fingerprint !== undefined && fingerprint !== before.fingerprint) ||
    (healthPath !== undefined && healthPath !== before.healthPath)
  )
}
