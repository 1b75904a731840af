import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'
import { type DemoAgent, demoAgents } from './agents.ts'

const everyMs = 20_000
/** The slow ones first, so that something runs from the first moment on. */
const first = ['data-cleaner', 'article-writer', 'research-agent', 'research-agent']

/** Executes an agent every 20 s or so through the dashboard's API, until `signal` is aborted. */
export async function sendRuns(dashboard: string, random: Random, signal: AbortSignal): Promise<void> {
  for (const id of first) await execute(dashboard, byId(id), random)
  while (!signal.aborted) {
    await sleep(everyMs * random.between(0.5, 1.5), undefined, { signal }).catch(() => undefined)
    if (!signal.aborted) await execute(dashboard, pick(random), random)
  }
}

const byId = (wanted: string) => demoAgents.find(({ id }) => id === wanted)!

function pick(random: Random): DemoAgent {
  return random.weighted(demoAgents, ({ runs, condition }) => (condition.kind === 'paused' ? 0 : runs))
}

/** A dashboard that does not answer, or from which the agent was removed, is asked again the next time. */
async function execute(dashboard: string, { id, workflow }: DemoAgent, random: Random): Promise<void> {
  await fetch(`${dashboard}/orchestrator/${id}/execute`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ inputs: workflow.sample(random) }),
  }).catch(() => undefined)
}
