import { expect } from 'vitest'
import type { Overrides } from '../../../src/app.ts'
import type { Config } from '../../../src/config.ts'
import { type AgentHandlers, json, startAgent } from '../agents/agent.ts'
import { api, buildTestApp, execute, page, register, type TestApp } from '../app.ts'
import { createTestClock, type TestClock } from '../clock.ts'

/** A dashboard on a clock that stands still, with one agent registered as `writer`. */
export async function withAgent(
  handlers: Partial<AgentHandlers> = {},
  config: Partial<Config> = {},
  overrides: Overrides = {},
) {
  const agent = await startAgent(handlers)
  const clock = createTestClock()
  const app = await buildTestApp(config, { clock, random: () => 0.5, ...overrides })
  await register(app, agent.url)
  const calls = (path: string) => agent.requests.filter(({ url }) => url.startsWith(path))
  return { agent, clock, app, posts: () => calls('/run'), polls: () => calls('/status/') }
}

/** The answer of an agent that goes on in the background. */
export const accepted = (jobId: unknown = 'job-1') => json({ status: 'async', job_id: jobId })

/** Executes, and waits until the agent has taken the run to the background. */
export async function withJob(handlers: Partial<AgentHandlers> = {}, config: Partial<Config> = {}) {
  const found = await withAgent({ run: accepted(), status: json({ status: 'running' }), ...handlers }, config)
  const runId = await execute(found.app, 'writer')
  await expect.poll(async () => (await api(found.app, 'GET', `/runs/${runId}`)).json.job_id).not.toBeNull()
  return { ...found, runId }
}

/** Lets time pass until the run has ended. */
export async function endedInTime(app: TestApp, clock: TestClock, runId: string) {
  for (;;) {
    const { json: run } = await api(app, 'GET', `/runs/${runId}`)
    if (run.status !== 'running' && run.status !== 'pending') return run
    await clock.advance(1000)
  }
}

/** Lets time pass until the agent was asked once more for its job, and has answered. */
export async function askedAgain({ app, clock, runId }: { app: TestApp; clock: TestClock; runId: string }) {
  const polls = async () => (await app.orchestrator.run(runId)).progress?.polls
  const before = await polls()
  while ((await polls()) === before) await clock.advance(100)
}

/** The page of a run that has ended says in which way, and why; what was recorded is a sentence. */
export async function expectTold(app: TestApp, runId: string, word: string, sentence: string | RegExp) {
  const { html, status } = await page(app, `/runs/${runId}`)
  expect(status).toBe(200)
  expect(html.querySelector('#run-status')!.text.trim()).toBe(word)
  const heading = html.querySelector('[role="alert"] h2')!
  const told = heading.getAttribute('title')!
  expect(told.toLowerCase()).toContain(heading.text.toLowerCase().replace(/ …$/, ''))
  if (typeof sentence === 'string') expect(told).toBe(sentence)
  else expect(told).toMatch(sentence)
  expect(told).toMatch(/^The agent says: .+|^[A-Z].{15,300}[.?]$/)
}
