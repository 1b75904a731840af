import { createAgentServer } from './agent-server.ts'
import { readArguments, startAgent } from './start-agent.ts'
import { summarizeText } from './workflows/summarize-text.ts'

startAgent('The summarizer', createAgentServer(summarizeText), readArguments({ port: 8001 }))
