import type { ExampleAgent } from './agents.ts'
import type { Random } from './random.ts'

/** A run that did not complete. The sentences are those that src/agent and src/orchestrator write. */
export type BadEnding = {
  status: 'failed' | 'lost' | 'cancelled'
  errorMessage: string | null
  /** Where the ending decides how long the run took. */
  seconds?: number
  /** Inputs that take the place of the run's own. */
  inputs?: Record<string, unknown>
  /** Whether the agent had taken the run to the background by then. */
  hasJob?: boolean
}

const failed = (errorMessage: string, rest: Partial<BadEnding> = {}): BadEnding => ({
  status: 'failed',
  errorMessage,
  ...rest,
})
const lost = (errorMessage: string, rest: Partial<BadEnding> = {}): BadEnding => ({
  status: 'lost',
  errorMessage,
  ...rest,
})

const forgotten = lost(
  'The agent accepted the run, but no longer knows its job. It was probably restarted, and the result is lost.',
  { hasJob: true },
)
const stopped = lost(
  'The dashboard stopped while the agent was working, and did not hear how it ended. The agent may have finished.',
)
const cancelled: BadEnding = {
  status: 'cancelled',
  errorMessage:
    'You stopped waiting for this run. The agent was not told to stop; it may still be working, and costing money.',
}

/** Nothing listens at the agent's address any more. */
export function unreachable({ url }: ExampleAgent, random: Random): BadEnding {
  const seconds = random.between(0.2, 0.4)
  return failed(`Cannot connect to agent at ${url}: connection refused. Is it running?`, { seconds })
}

const answered500 = 'The agent answered 500 Internal Server Error: Workflow execution failed:'

const failuresOf: Record<string, (url: string) => BadEnding[]> = {
  summarizer: () => [
    failed(`${answered500} max_sentences must be at least 1`, {
      inputs: { text: 'Trains meet in hubs such as Zürich and Bern.', max_sentences: 0 },
    }),
    failed('The agent refused the inputs: language: Input should be a valid string', {
      inputs: { text: 'Cold water keeps corals healthy.', language: null },
    }),
  ],
  'research-agent': () => [
    failed('The agent says: Workflow execution failed: max_sources must be 1 to 20', {
      inputs: { topic: 'Sourdough and its microbes', max_sources: 200 },
      hasJob: true,
    }),
    failed("The agent says: Workflow execution failed: node 'search' gave up after 3 attempts: 429 Too Many Requests", {
      hasJob: true,
    }),
    failed("The agent says: Workflow execution failed: node 'write_report': the answer of the model was empty", {
      hasJob: true,
    }),
  ],
  'article-writer': (url) => [
    failed('The agent gave no answer within 120 s. It may still be working.', { seconds: 120.01 }),
    failed(`${answered500} node 'draft': the prompt is longer than the model's context (131072 tokens)`),
    failed(`The call to the agent at ${url} failed: connection closed without a response.`),
    failed('The agent answered 502 Bad Gateway with a web page.', { seconds: 0.31 }),
  ],
  'web-scraper': () => [
    failed('The agent refused the inputs: url: Field required', { inputs: { selector: 'article' }, seconds: 0.22 }),
    failed(`${answered500} node 'fetch': https://example.org/heat-pumps answered 403 Forbidden`),
    failed(`${answered500} node 'extract': nothing on the page matches ".entry > p"`),
  ],
}

/** A bad ending that fits the agent: mostly failures, of slow agents also lost and cancelled runs. */
export function badEnding(agent: ExampleAgent, random: Random): BadEnding {
  const { agentId, url } = agent
  const isSlow = agentId === 'research-agent' || agentId === 'article-writer'
  if (isSlow && random.chance(0.3)) return cancelled
  if (isSlow && random.chance(0.3)) return agentId === 'research-agent' ? forgotten : stopped
  return random.pick(failuresOf[agentId]!(url))
}

/** How a run of the Python program's own fails: with its exception. */
export const localFailures = [
  "Node 'summarize' failed: ValidationError: 1 validation error for SummaryOutput",
  "Node 'fetch' failed: TimeoutError: no answer from example.org after 30 s",
]
