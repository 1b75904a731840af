import { expect, test } from 'vitest'
import { alreadyRunning } from '../../demo/already-running.ts'
import { startAgent } from '../support/agents/agent.ts'
import { startSampleAgent } from '../support/process.ts'

test('a second demo says that one is running', async () => {
  const { port } = await startSampleAgent('summarizer')
  expect(await alreadyRunning(port, 'summarize_text')).toMatch(
    new RegExp(
      `^A demo is already running, with an agent on port ${port}\\. Its dashboard is at http://localhost:8000`,
    ),
  )
  expect(await alreadyRunning(port, 'research_topic')).toBeUndefined()
})

test('another program on that port is no demo', async () => {
  const { port } = await startAgent()
  expect(await alreadyRunning(port, 'summarize_text')).toBeUndefined()
  expect(await alreadyRunning(1, 'summarize_text')).toBeUndefined()
})
