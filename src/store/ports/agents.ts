/** Who entered an agent: a person or script by hand, or the agent itself. */
type RegisteredBy = 'hand' | 'self'

export type CredentialKind = 'bearer' | 'basic' | 'headers'

/** What an agent asks for, saved for one origin. `sealed` is encrypted, and of no use without the key. */
export type StoredCredential = { kind: CredentialKind; origin: string; sealed: string; savedAt: number }

type Access = {
  credential: StoredCredential | undefined
  /** Whose certificate is accepted: of this authority (PEM), or this one, by its SHA-256. */
  ca: string | undefined
  fingerprint: string | undefined
  healthPath: string | undefined
}

export type AgentRecord = Access & {
  id: string
  name: string
  url: string
  host: string
  port: number
  /** JSON text, or whatever the agent sent as such. */
  metadata: string | null
  registeredBy: RegisteredBy
  /** This and the next are NaN where another program left something that is no time. */
  registeredAt: number
  lastHeartbeatAt: number
  /** Of numbers that another program left, these three may be out of any range. */
  ttlSeconds: number | undefined
  checkIntervalSeconds: number | undefined
  checkTimeoutSeconds: number | undefined
  pausedAt: number | undefined
  givenDescription: string | undefined
}

/** `at` is when it came, and counts as a heartbeat. How the agent is called stays where that is absent; undefined
 * unsets it. */
export type NewAgent = Pick<AgentRecord, 'id' | 'name' | 'url' | 'host' | 'port' | 'metadata' | 'registeredBy'> &
  Partial<Access> & {
    ttlSeconds: number
    at: number
  }

/** What changes; undefined unsets a value that may be absent. */
export type AgentChange = Partial<
  Pick<AgentRecord, 'name' | 'url' | 'metadata' | 'pausedAt' | 'checkIntervalSeconds' | 'checkTimeoutSeconds'> &
    Access & {
      /** What a person calls an agent that registers itself. It stays when the agent does so again. */
      givenName: string
      givenDescription: string
    }
>

export type AgentStore = {
  /** Differs from every earlier value once another program may have changed agents: a second after it did at the
   * latest. Our own changes do not move it. Costs no query of agents. */
  revision(): string

  /** In the order of their registration; those of one moment in the order in which they were added. */
  all(): Promise<AgentRecord[]>

  get(id: string): Promise<AgentRecord | undefined>

  /** Adds an agent, or replaces the one of that id. When it was first registered, how it is checked and called, and
   * whether it is paused stay; its schema is forgotten. What was left of one that another program removed goes. What a
   * person called it stays when it registers itself, and goes when it is registered by hand. */
  save(agent: NewAgent): Promise<AgentRecord>

  /** Resolves to the agent as it is then; undefined when there is none. */
  change(id: string, change: AgentChange): Promise<AgentRecord | undefined>

  /** Notes a heartbeat, silently: they come from every agent all the time. Resolves to whether there is the agent. */
  beat(id: string, at: number): Promise<boolean>

  /** The schema that the agent gave last, as it was; undefined when there is none. May be megabytes. */
  schema(id: string): Promise<string | undefined>

  saveSchema(id: string, schema: string): Promise<void>

  remove(id: string): Promise<boolean>
}
