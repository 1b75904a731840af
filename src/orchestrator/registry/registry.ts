import { NotFoundError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { AgentChange, AgentRecord, AgentStore } from '../../store/ports/agents.ts'
import type { AccessEdit } from '../credentials/access.ts'
import type { CredentialSeal } from '../credentials/sealing.ts'
import { type Agent, type AgentEdit, agentOf, type RegisteredAgent, withDescription } from './agent.ts'
import { createHeartbeats } from './heartbeats.ts'
import type { Registration } from './registration.ts'
import { createRoster, type Roster } from './roster.ts'

/** In memory, so reading is synchronous. Our own changes are in it at once, those of other programs after `refresh`. */
export type Registry = Pick<Roster, 'callable' | 'version'> & {
  refresh(): Promise<void>
  all(): Agent[]
  has(id: string): boolean
  find(id: string): Agent | undefined
  /** Throws NotFoundError, as all below that take an id. */
  get(id: string): Agent
  newestFirst(): RegisteredAgent[]
  /** Of agents that registered themselves. */
  isExpired(agent: Agent): boolean
  withLife(agent: Agent): RegisteredAgent
  /** `isUpdate`: there was an agent of that id. */
  save(registration: Registration): Promise<{ agent: Agent; isUpdate: boolean }>
  edit(before: Agent, edit: AgentEdit): Promise<Agent>
  /** Undefined ends the pause. */
  pause(id: string, at: number | undefined): Promise<Agent>
  beat(id: string): Promise<Agent>
  remove(id: string): Promise<void>
}

export function createRegistry(store: AgentStore, seal: CredentialSeal, clock: Clock): Registry {
  const toAgent = (record: AgentRecord) => agentOf(record, seal.open)
  const heartbeats = createHeartbeats(clock)
  const roster = createRoster(heartbeats)
  const refresh = createRefresh(store, roster, toAgent)

  function put(agent: Agent): Agent {
    refresh.noteOwnChange()
    return roster.put(agent)
  }

  function drop(id: string): void {
    refresh.noteOwnChange()
    roster.drop(id)
  }

  function takeOver(id: string, record: AgentRecord | undefined): Agent {
    if (record) return put(toAgent(record))
    drop(id)
    throw new NotFoundError('agent', id)
  }

  const change = async (id: string, change: AgentChange): Promise<Agent> => takeOver(id, await store.change(id, change))

  function get(id: string): Agent {
    const agent = roster.get(id)
    if (!agent) throw new NotFoundError('agent', id)
    return agent
  }

  function storedAccess(id: string, access: AccessEdit, url: string): Omit<AgentChange, 'url'> {
    const { credential } = access
    const sealed = credential && seal.close(id, credential, url, clock.now())
    return { ...access, ...('credential' in access && { credential: sealed }) } as Omit<AgentChange, 'url'>
  }

  const withLife = (agent: Agent): RegisteredAgent => ({ ...agent, isAlive: heartbeats.isAlive(agent) })

  return {
    refresh: refresh.run,
    all: roster.byName,
    has: (id) => roster.get(id) !== undefined,
    find: roster.get,
    get,
    callable: roster.callable,
    newestFirst: () => roster.inOrderOfRegistration().reverse().map(withLife),
    isExpired: (agent) => agent.isSelfRegistered && !heartbeats.isAlive(agent),
    withLife,
    version: roster.version,

    async save({ access = {}, ...registration }) {
      const { id, url } = registration
      const record = await store.save({ ...registration, ...storedAccess(id, access, url), at: clock.now() })
      const isUpdate = roster.get(record.id) !== undefined
      return { agent: put(toAgent(record)), isUpdate }
    },

    edit: async (before, edit) =>
      change(before.id, { ...changeOf(before, edit), ...storedAccess(before.id, edit.access, edit.url) }),
    pause: (id, pausedAt) => change(id, { pausedAt }),

    async beat(id) {
      const at = clock.now()
      if (!(await store.beat(id, at))) return takeOver(id, undefined)
      const agent = roster.get(id)
      // One that Python registered may only show by its first beat that it registered itself.
      return agent?.isSelfRegistered ? put({ ...agent, lastHeartbeatAt: at }) : takeOver(id, await store.get(id))
    },

    async remove(id) {
      const isRemoved = await store.remove(id)
      drop(id)
      if (!isRemoved) throw new NotFoundError('agent', id)
    },
  }
}

function createRefresh(store: AgentStore, roster: Pick<Roster, 'replaceAll'>, toAgent: (record: AgentRecord) => Agent) {
  let readRevision: string | undefined
  let reading: Promise<void> | undefined
  let ownChanges = 0

  /** What is read during a change of our own may be from before or after it, so it is read again. */
  async function read(): Promise<void> {
    for (let revision = store.revision(); revision !== readRevision; revision = store.revision()) {
      const before = ownChanges
      const records = await store.all()
      if (ownChanges !== before) continue
      roster.replaceAll(records.map(toAgent))
      readRevision = revision
    }
  }

  return {
    noteOwnChange(): void {
      ownChanges++
    },

    async run(): Promise<void> {
      if (store.revision() === readRevision) return
      reading ??= read().finally(() => {
        reading = undefined
      })
      await reading
    },
  }
}

/** What was left as it was is not written: it may have changed while a new URL was checked. A name or description given
 * here is kept beside those that the agent sends at every start. */
function changeOf(before: Agent, edit: AgentEdit): AgentChange {
  const { name, url, description, checkIntervalSeconds, checkTimeoutSeconds } = edit
  const { metadata, isSelfRegistered } = before
  const isRenamed = name !== before.name
  const isRedescribed = description !== before.description
  return {
    ...(isRenamed && { name }),
    ...(url !== before.url && { url }),
    ...(checkIntervalSeconds !== before.checkIntervalSeconds && { checkIntervalSeconds }),
    ...(checkTimeoutSeconds !== before.checkTimeoutSeconds && { checkTimeoutSeconds }),
    ...(isRedescribed && { metadata: withDescription(metadata, description) }),
    ...(isSelfRegistered && isRenamed && { givenName: name }),
    ...(isSelfRegistered && isRedescribed && { givenDescription: description }),
  }
}
