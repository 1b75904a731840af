import { createRandom } from '../random.ts'
import { createAgentServer } from './agent-server.ts'
import { readArguments, startAgent } from './start-agent.ts'
import { researchTopic } from './workflows/research-topic.ts'

const { seconds, ...address } = readArguments({ port: 8002, seconds: 4 })
const work = { ...researchTopic.work, seconds: [seconds, seconds] as const, failures: [] }

startAgent(
  'The research agent',
  createAgentServer({ ...researchTopic, work }, { random: createRandom(Date.now()) }),
  address,
)
