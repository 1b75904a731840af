import { createAgentServer } from './agent-server.ts'
import { readArguments, startAgent } from './start-agent.ts'
import { researchTopic } from './workflows/research-topic.ts'

const { seconds, ...address } = readArguments({ port: 8002, seconds: 4 })

startAgent('The research agent', createAgentServer(researchTopic(seconds)), address)
