import type { FieldError } from '../../shared/errors.ts'
import type { NodeStates } from './node-states.ts'

/** pending → running → one of the others, in which a run has ended. */
type KnownStatus = 'pending' | 'running' | 'completed' | 'failed' | 'cancelled' | 'lost'

/** Python may write any other word for its local runs. */
export type RunStatus = KnownStatus | (string & Record<never, never>)

/** What lists show of a run. Times are NaN, and other numbers null, where another program left nothing of the kind. */
export type RunSummary = {
  id: string
  /** The agent's id; of a local run of Python's, the name of its workflow. */
  agent: string
  /** Null where Python recorded the run. */
  agentId: string | null
  /** The workflow's own name; where that is unknown, as `agent`. */
  workflow: string
  status: RunStatus
  startedAt: number
  completedAt: number | null
  durationSeconds: number | null
  totalTokens: number | null
  totalCostUsd: number | null
  /** By the program that carried it out itself. */
  isReported: boolean
  /** Who started or reported it, as they were called then; null where that is unknown, or needed no login. */
  startedBy: string | null
}

/** A run with its payloads, which are texts: whatever an agent or another program wrote. */
export type RunRecord = RunSummary & {
  /** Without what is `withheld`. */
  inputs: string | null
  outputs: string | null
  error: string | null
  /** What the agent said of single inputs when it refused them. */
  errorFields: FieldError[]
  /** Dotted names of inputs that were sent and are not kept. */
  withheld: string[]
  /** For `schema`: the agent's schema as it was then. */
  schemaId: string | null
  agentUrl: string | null
  jobId: string | null
  /** Counts the times that the run was sent. */
  attempt: number
  sentAt: number | null
  polls: number | null
  rerunOf: string | null
  /** When its program last told of it; null of runs that are not reported. */
  reportedAt: number | null
  /** Of the trace that the run belongs to (W3C); null of runs that have none. */
  traceId: string | null
  isSampled: boolean
  /** As an Actor's id. */
  startedById: string | null
  /** The workflow's configuration as Python kept it; it may hold credentials. */
  config: string | null
  bottleneck: string | null
}

export type NewRun = Pick<
  RunRecord,
  'id' | 'startedAt' | 'inputs' | 'withheld' | 'rerunOf' | 'traceId' | 'isSampled' | 'startedBy' | 'startedById'
> & {
  agentId: string
  agentUrl: string
  workflow: string | undefined
  /** The dashboard that is to carry it out, where there may be several. */
  owner?: string | undefined
}

/** The whole of a run that its program reported, as it is to be. `agent` is as in RunSummary. */
export type ReportedRun = Pick<
  RunRecord,
  | ('id' | 'agent' | 'agentId' | 'workflow' | 'status' | 'startedAt' | 'completedAt' | 'durationSeconds')
  | (
      | 'inputs'
      | 'withheld'
      | 'outputs'
      | 'error'
      | 'totalTokens'
      | 'totalCostUsd'
      | 'traceId'
      | 'startedBy'
      | 'startedById'
    )
> & { reportedAt: number }

/** Pure, as Decide is. `known` is the run of that id as it is now. Undefined where nothing is to change. */
export type RunReport = { id: string; decide: (known: RunRecord | undefined) => ReportedRun | undefined }

/** A key leads to one run until it expires. `inputsHash` tells whether the inputs are the same. */
export type RunKey = { key: string; inputsHash: string; at: number; expiresBefore: number }

export type Acceptance = {
  /** Called when the run is recorded, so that it starts after any waiting. */
  run: () => NewRun
  key?: RunKey | undefined
  /** The agent's schema, kept once however many runs have it. */
  schemaText?: string | undefined
}

/** The run that there is now. `isRepeat`: the key had led to it before, with the same inputs where `isSame`. */
export type Accepted = { run: RunRecord; isRepeat: boolean; isSame: boolean }

export type RunEventKind =
  | 'accepted'
  | 'sent'
  | 'unsent'
  | 'job'
  | 'moved'
  | Exclude<KnownStatus, 'pending' | 'running'>
export type RecordedEvent = { kind: RunEventKind; attempt: number; at: number }

export type RunStep = {
  change: Partial<
    Pick<
      RunRecord,
      | ('status' | 'attempt' | 'sentAt' | 'agentUrl' | 'jobId' | 'completedAt' | 'durationSeconds' | 'polls')
      | ('error' | 'errorFields' | 'outputs' | 'totalTokens' | 'totalCostUsd')
    >
  >
  event: RecordedEvent
}

/** Pure: it may be called again, on a run that has changed meanwhile. Undefined where nothing is to change. */
export type Decide = (run: RunRecord) => RunStep | undefined

export type Decided = { run: RunRecord; isChanged: boolean }

/** A request to an agent and its response: only the start of bodies, and no secrets. */
export type RecordedExchange = {
  attempt: number
  at: number
  method: string
  url: string
  durationMs: number
  requestHeaders: Record<string, string>
  requestBody: string | null
  /** Null without a response; then `failure` says why. */
  status: number | null
  responseHeaders: Record<string, string> | null
  responseBody: string | null
  failure: string | null
}

/** All of one moment. `reruns` are the ids of those that repeat the run, oldest first. */
export type RunDetails = { run: RunRecord; events: RecordedEvent[]; exchanges: RecordedExchange[]; reruns: string[] }

export type CompletedRun = { durationSeconds: number; costUsd: number | null }

/** Runs, one by one. The Python program may add, change and delete them at any time, but for those of our agents. */
export type RunStore = {
  get(id: string): Promise<RunRecord | undefined>

  /** One for each id, in their order. */
  records(ids: string[]): Promise<(RunRecord | undefined)[]>

  details(id: string): Promise<RunDetails | undefined>

  summaries(ids: string[]): Promise<RunSummary[]>

  /** The runs of the same agent, or local workflow, that started before this one, newest first. */
  earlier(id: string, max: number): Promise<RunSummary[]>

  /** The inputs of the latest runs of an agent, newest first; without those that Python recorded. */
  latestInputs(agentId: string, max: number): Promise<Pick<RunRecord, 'id' | 'inputs' | 'startedAt'>[]>

  /** Of the newest completed runs of a workflow that have a duration, newest first. `agent` is as in RunSummary; only
   * its newest runs, some hundred, are looked at. */
  latestCompleted(agent: string, workflow: string, max: number): Promise<CompletedRun[]>

  /** The ids of runs that we sent, or are to send, to agents and that are pending or running, oldest first; where there
   * may be several dashboards, those that `owner` owns. */
  unfinished(owner?: string): Promise<string[]>

  /** A schema that runs were accepted with; undefined when no run has it any more. */
  schema(schemaId: string): Promise<string | undefined>

  /** Records a run as pending, once for a key; or resolves to the run that the key has led to before. */
  accept(acceptance: Acceptance): Promise<Accepted>

  /** Reads a run and changes it as `decide` says, in one step; the exchange is recorded in any case. Resolves to
   * undefined when there is no such run. Where `owner` is given and another dashboard has taken the run up, nothing
   * happens. */
  change(id: string, decide: Decide, exchange?: RecordedExchange, owner?: string): Promise<Decided | undefined>

  /** Records or changes runs that their programs report, in this order and in one step. */
  report(reports: RunReport[]): Promise<void>

  /** The states of a run from number `from` on. While the store has yet to learn which states belong to a run, finding
   * them may take a second or more: without `isPatient` it resolves to undefined then. */
  nodeStates(
    runId: string,
    page: { from: number; max: number; maxCharacters: number; isPatient: boolean },
  ): Promise<NodeStates | undefined>

  nodeStateText(runId: string, id: number): Promise<string | undefined>
}
