import { v7 as uuidv7 } from 'uuid'
import { silence, startAgent } from '../agents/agent.ts'
import { buildTestApp, ended, execute, register } from '../app.ts'

/** Of the examples of the document. */
const exampleRun = '0199b0c8-7a51-7c3e-9d0a-5f0e6f1f2a3b'
const examplePort = '8001'

/** A dashboard with a real agent, and all that the examples of the document name. A run that goes on has to be cancelled. */
export async function exampleWorld(runs: 'a run that goes on' | 'a run that has ended') {
  const agent = await startAgent()
  const { run } = agent.handlers
  let nextId: string | undefined
  const newId = () => {
    const id = nextId ?? uuidv7()
    nextId = undefined
    return id
  }
  const app = await buildTestApp({}, { newId })
  await register(app, agent.url)
  if (runs === 'a run that goes on') agent.handlers.run = silence
  nextId = exampleRun
  await execute(app, 'writer')
  if (runs === 'a run that has ended') await ended(app, exampleRun)

  return {
    app,
    /** The agent of the examples listens elsewhere here. */
    inWorld: (text: string) => text.replaceAll(examplePort, String(agent.port)),
    async prepare(name: string): Promise<void> {
      if (!name.endsWith('/cancel')) agent.handlers.run = run
      await register(app, agent.url)
    },
  }
}
