import { AgentFailure } from '../../agent/http/failure.ts'
import type { Probe } from '../../agent/http/probe.ts'
import type { Protocols } from '../../agent/protocol.ts'
import { hostAndPort } from '../../shared/endpoint.ts'
import type { FieldError } from '../../shared/errors.ts'
import { type AccessRequest, readAccess } from '../credentials/access.ts'
import { calledAs } from '../registry/access.ts'
import { agentAt, defaultProtocol, targetOf } from '../registry/target.ts'
import { aboutAddress, type KnownAgent, readTyped, registeredAt } from './address.ts'
import { createFindings, type Diagnosis } from './diagnosis.ts'
import { type Description, type ExaminationLimits, examine } from './examination.ts'
import { fail, shown } from './finding.ts'
import { type Suggestion, suggestFor } from './suggestion.ts'

export type Doctor = {
  /** `typedId`: under which it is to be registered, if known. */
  diagnose(typedUrl: unknown, typedId?: unknown, access?: AccessRequest): Promise<Diagnosis>
}

const maxMs = 10_000

export function createDoctor(
  deps: ExaminationLimits & {
    protocols: Protocols
    probe: Probe
    agents: () => KnownAgent[]
    elapsed: () => number
  },
): Doctor {
  const { protocols, probe, agents, elapsed } = deps
  const protocol = protocols[defaultProtocol]
  const { endpoints } = protocol

  return {
    async diagnose(typedUrl, typedId, request = {}) {
      const findings = createFindings(elapsed)
      const typed = readTyped(typedUrl, endpoints)
      const errors: FieldError[] = []
      const access = readAccess(request, errors)
      const wrong =
        'error' in typed ? typed.error : errors[0] && fail(errors[0].message, 'Correct it, then test again.')
      if (wrong || 'error' in typed) {
        findings.note('address', wrong!)
        const url = shown(typeof typedUrl === 'string' ? withoutLogin(typedUrl) : '', 2048)
        return { url, endpoints, suggestion: undefined, workflow: undefined, ...findings.conclusion() }
      }
      const url = typed.value
      const endsAt = elapsed() + maxMs
      const timeLeft = (max: number) => Math.max(1, Math.min(max, endsAt - elapsed()))
      const known = agents()
      const registered = registeredAt(url, known)
      findings.note('address', aboutAddress(url, endpoints, registered, typedId))
      const isRegistered = (other: string) => registeredAt(other, known) !== undefined
      const saved = known.find(({ id }) => typeof typedId === 'string' && id === typedId.trim())
      const called = calledAs({ ...saved, ...agentAt(url) }, access, 0)
      const target = (other: string) => targetOf({ ...called, url: other })
      const visit = { url, target, protocol, probe, timeLeft, elapsed, isRegistered }
      const description = await examine(visit, findings, deps)
      const suggestion = registered ? asRegistered(registered) : suggestionFor(url, known, description)
      return { url, endpoints, suggestion, workflow: workflowIn(description), ...findings.conclusion() }
    },
  }
}

/** It may hold a password. */
function withoutLogin(typed: string): string {
  return typed.replace(/^(\s*(?:[a-z]+:)?\/{2,})?.*@/is, '$1')
}

function asRegistered({ id, name, description }: KnownAgent): Suggestion {
  return { agentId: id, agentName: name, description }
}

function workflowIn(description: Description | undefined): Diagnosis['workflow'] {
  if (!description || description.schema instanceof AgentFailure) return undefined
  const { workflow, inputs } = description.schema
  return { name: workflow, inputs: inputs.length }
}

function suggestionFor(url: string, known: KnownAgent[], description: Description | undefined): Suggestion | undefined {
  if (!description) return undefined
  const { schema, about } = description
  const isTaken = (id: string) => known.some((agent) => agent.id === id)
  const workflow = schema instanceof AgentFailure ? undefined : schema.workflow
  return suggestFor({ workflow, about }, hostAndPort(url).port, isTaken)
}
