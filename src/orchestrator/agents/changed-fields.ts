import type { Agent, AgentEdit } from '../registry/agent.ts'

/** By their names in requests, without values: an address or a credential may hold a secret. */
export function changedFields(before: Agent, { access, ...edit }: AgentEdit): string[] {
  const isOther = (field: 'ca' | 'fingerprint' | 'healthPath') => field in access && access[field] !== before[field]
  const isChanged = {
    agent_name: edit.name !== before.name,
    agent_url: edit.url !== before.url,
    description: edit.description !== before.description,
    check_interval_seconds: edit.checkIntervalSeconds !== before.checkIntervalSeconds,
    check_timeout_seconds: edit.checkTimeoutSeconds !== before.checkTimeoutSeconds,
    credential: 'credential' in access && (access.credential ?? before.credential) !== undefined,
    ca: isOther('ca'),
    fingerprint: isOther('fingerprint'),
    health_path: isOther('healthPath'),
  }
  return Object.entries(isChanged).flatMap(([field, is]) => (is ? [field] : []))
}
