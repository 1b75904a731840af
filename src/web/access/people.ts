import type { ShownSession } from '../../orchestrator/access/access.ts'
import type { ShownUser } from '../../orchestrator/access/users.ts'
import { isoTime, type Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { type AgentNames, presentSeen } from './agent-choice.ts'

const ways = { password: 'Password', oidc: 'Single sign-on', proxy: 'Proxy' } as const
const roleWords = { viewer: 'Viewer', operator: 'Operator', admin: 'Admin' } as const

export const roleChoices = [
  { role: 'viewer', name: 'Viewer', meaning: 'reads' },
  { role: 'operator', name: 'Operator', meaning: 'also executes, cancels, reruns and checks' },
  { role: 'admin', name: 'Admin', meaning: 'also changes agents, users and settings, and deletes' },
] as const

type Known = { user: ShownUser; sessions: ShownSession[] }

function lastActiveAt({ user, sessions }: Known): number | undefined {
  const seen = [user.lastLoginAt ?? 0, ...sessions.map(({ lastSeenAt }) => lastSeenAt)]
  return Math.max(...seen) || undefined
}

export function presentUser(
  known: Known,
  { ownId, agents: all }: { ownId: string | undefined; agents: AgentNames },
  times: Times,
) {
  const { id, name, role, agents, source } = known.user
  return {
    ...{ id, name },
    isOwn: id === ownId,
    role: roleWords[role],
    ...presentSeen(agents, all),
    way: ways[source],
    hasPassword: source === 'password',
    lastActive: times.moment(lastActiveAt(known)),
    path: paths.user(id),
    passwordPath: paths.userPassword(id),
    sessionsPath: paths.userSessions(id),
    removePath: paths.removeUser(id),
  }
}

export function userAsJson(known: Known) {
  const { id, name, role, agents, source, createdAt } = known.user
  return {
    ...{ user_id: id, name, role, agents, logs_in_by: source },
    created_at: isoTime(createdAt),
    last_active_at: isoTime(lastActiveAt(known)),
  }
}

export function presentSession(session: ShownSession, thisId: string | undefined, times: Times) {
  const { id, address, browser, createdAt, lastSeenAt } = session
  return {
    ...{ address, browser },
    isThis: id === thisId,
    name: browserName(browser),
    began: times.moment(createdAt),
    lastActive: times.moment(lastSeenAt),
    endPath: paths.endSession(id),
  }
}

export function sessionAsJson({ id, address, browser, createdAt, lastSeenAt }: ShownSession, thisId?: string) {
  return {
    session_id: id,
    created_at: isoTime(createdAt),
    last_active_at: isoTime(lastSeenAt),
    ...{ address, browser },
    is_this: id === thisId,
  }
}

const browsers = [
  [/\bEdg/, 'Edge'],
  [/\bFirefox\//, 'Firefox'],
  [/\b(Headless)?Chrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
] as const
const systems = [
  [/\bAndroid\b/, 'Android'],
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
] as const

/** "Firefox on Linux": browsers name each other, so the order counts. */
function browserName(agent: string): string {
  const find = (all: readonly (readonly [RegExp, string])[]) => all.find(([pattern]) => pattern.test(agent))?.[1]
  return [find(browsers) ?? 'Unknown browser', find(systems)].filter(Boolean).join(' on ')
}
