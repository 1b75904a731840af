import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { json, startAgent } from '../agents/agent.ts'

const workMs = 30
/** A dashboard may have lost its database. */
const patienceMs = 3000
/** So that runs do not pile up. */
const pauseMs = 50

/** An agent that remembers which runs it was sent, and how many it worked on at a time. */
export async function startCountingAgent() {
  const sent = new Map<string, number>()
  let working = 0
  let most = 0
  const agent = await startAgent({
    schema: json({ workflow: 'counting', inputs: { n: { type: 'str', required: true } }, outputs: ['n'] }),
    run(request: IncomingMessage, response: ServerResponse, body: string) {
      const { n } = JSON.parse(body) as { n: string }
      sent.set(n, (sent.get(n) ?? 0) + 1)
      most = Math.max(most, ++working)
      response.once('close', () => working--)
      void setTimeout(workMs).then(() => json({ status: 'success', outputs: { n } })(request, response, body))
    },
  })
  return { url: agent.url, sent, most: () => most }
}

type Accepted = { n: string; runId: string }

/** Executes runs one after the other, on whichever of the dashboards answers, until it is stopped. */
export function load(urls: () => string[], agentId: string, first: number, isBehind: () => boolean) {
  const accepted: Accepted[] = []
  let isStopped = false
  let number = first

  async function execute(url: string): Promise<void> {
    const n = `run ${number++}`
    const response = await fetch(`${url}/orchestrator/${agentId}/execute`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ inputs: { n } }),
      signal: AbortSignal.timeout(patienceMs),
    })
    if (!response.ok) return
    const { run_id: runId } = (await response.json()) as { run_id: string }
    accepted.push({ n, runId })
  }

  async function run(): Promise<void> {
    for (let turn = first; !isStopped; turn++) {
      if (isBehind()) {
        await setTimeout(pauseMs)
        continue
      }
      const known = urls()
      // One that was just killed does not answer, and says nothing of the run.
      await execute(known[turn % known.length]!).catch(() => undefined)
      await setTimeout(pauseMs)
    }
  }

  const done = run()
  return {
    accepted,
    async stop(): Promise<void> {
      isStopped = true
      await done
    },
  }
}
