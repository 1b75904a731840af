import { once } from 'node:events'
import { createAgentServer } from '../agents/agent-server.ts'
import { createRandom } from '../random.ts'
import { type DemoAgent, demoAgents, isStarted } from './agents.ts'
import { healthOf } from './health.ts'

// All agents of the demo in one process.

const host = '127.0.0.1'

async function start(agent: DemoAgent): Promise<void> {
  const random = createRandom(Date.now() + agent.port)
  const options = { random, path: agent.path, health: healthOf(agent, random) }
  const server = createAgentServer(agent.workflow, options).listen(agent.port, host)
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    console.error(
      error.code === 'EADDRINUSE'
        ? `The demo needs port ${agent.port} for a sample agent. Free it, or name the first of twelve free ports in DEMO_AGENTS_PORT.`
        : `A sample agent cannot listen on port ${agent.port}: ${error.message}.`,
    )
    process.exit(1)
  })
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0))
const started = demoAgents.filter(isStarted)
await Promise.all(started.map(start))
console.log(`${started.length} sample agents listen on ports ${started[0]!.port} to ${started.at(-1)!.port}`)
