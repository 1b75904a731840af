import { failureOf, type Inputs } from '../agents/workflow.ts'
import { type DemoAgent, urlOf } from '../fleet/agents.ts'
import type { Random } from '../random.ts'

/** A run that did not complete. The sentences are those that src/agent and src/orchestrator write. */
export type BadEnding = {
  status: 'failed' | 'lost' | 'cancelled'
  errorMessage: string
  /** Where the ending decides how long the run took. */
  seconds?: number
  /** Inputs that take the place of the run's own. */
  inputs?: Inputs
  /** What the agent answered; without it, it did not. */
  answered?: { status: number; body: unknown }
  isUnsent?: boolean
}

const forgotten =
  'The agent accepted the run, but no longer knows its job. It was probably restarted, and the result is lost.'
const stopped =
  'The dashboard stopped while the agent was working, and did not hear how it ended. The agent may have finished.'
const stoppedWaiting =
  'You stopped waiting for this run. The agent was not told to stop; it may still be working, and costing money.'

function failed(agent: DemoAgent, reason: string): BadEnding {
  const detail = `Workflow execution failed: ${reason}`
  if (agent.workflow.isAsync) return { status: 'failed', errorMessage: `The agent says: ${detail}` }
  const errorMessage = `The agent answered 500 Internal Server Error: ${detail}`
  return { status: 'failed', errorMessage, answered: { status: 500, body: { detail } } }
}

function refused({ workflow }: DemoAgent): BadEnding {
  const [name] = Object.entries(workflow.inputs).find(([, { required }]) => required)!
  const detail = [{ type: 'missing', loc: ['body', name], msg: 'Field required', input: {} }]
  return {
    status: 'failed',
    errorMessage: `The agent refused the inputs: ${name}: Field required`,
    seconds: 0.05,
    inputs: {},
    answered: { status: 422, body: { detail } },
  }
}

/** Nothing listens at the agent's address. */
function unreachable(agent: DemoAgent, random: Random): BadEnding {
  const errorMessage = `Cannot connect to agent at ${urlOf(agent)}: connection refused. Is it running?`
  return { status: 'failed', errorMessage, seconds: random.between(0.008, 0.03), isUnsent: true }
}

/** How a run ends badly while the agent is in its present condition. */
function inCondition(agent: DemoAgent, random: Random): BadEnding | undefined {
  const { kind } = agent.condition
  if (kind === 'gone') return unreachable(agent, random)
  if (kind !== 'ill') return undefined
  const detail = agent.condition.kind === 'ill' ? agent.condition.reason : ''
  return {
    status: 'failed',
    errorMessage: `The agent answered 503 Service Unavailable: ${detail}`,
    seconds: random.between(0.06, 0.2),
    answered: { status: 503, body: { detail } },
  }
}

/** How a run ended, `ageMs` ago, if it did not complete. `isDown`: in an outage that is over. */
export function badEnding(
  agent: DemoAgent,
  { ageMs, isDown }: { ageMs: number; isDown: boolean },
  random: Random,
): BadEnding | undefined {
  const { condition, workflow } = agent
  if ('forMs' in condition && ageMs < condition.forMs) return inCondition(agent, random)
  if (isDown) return unreachable(agent, random)
  const reason = failureOf(workflow.work, random)
  if (reason !== undefined) return failed(agent, reason)
  if (random.chance(0.004)) return refused(agent)
  const isSlow = workflow.work.seconds[1] > 20
  if (isSlow && random.chance(0.012)) return { status: 'cancelled', errorMessage: stoppedWaiting }
  if (isSlow && random.chance(0.006)) {
    return { status: 'lost', errorMessage: workflow.isAsync ? forgotten : stopped }
  }
  return undefined
}

/** How a run of the Python program's own fails: with its exception. */
export const localFailures = [
  "Node 'summarize' failed: ValidationError: 1 validation error for SummaryOutput",
  "Node 'fetch' failed: TimeoutError: no answer from example.org after 30 s",
]
