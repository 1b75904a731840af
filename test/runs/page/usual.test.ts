import { expect, test } from 'vitest'
import { json, silence, startAgent } from '../../support/agents/agent.ts'
import { api, execute, page, type TestApp } from '../../support/app.ts'
import { askedAgain, withAgent, withJob } from '../../support/runs/executed.ts'
import { insertRuns, type StoredRun } from '../../support/runs/runs.ts'

const words = (text: string) => text.replace(/\s+/g, ' ').trim()

/** Runs of the agent's workflow that took one second, two, three… */
const completed = (count: number): StoredRun[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `done-${index}`,
    workflow_name: 'writer',
    agent_id: 'writer',
    agent_workflow: 'article_writer',
    duration_seconds: index + 1,
  }))

async function running(count: number) {
  const found = await withAgent({ run: silence })
  await insertRuns(found.app, completed(count))
  const runId = await execute(found.app, 'writer')
  await expect.poll(async () => (await api(found.app, 'GET', `/runs/${runId}`)).json.status).toBe('running')
  return { ...found, runId }
}

async function progress(app: TestApp, runId: string) {
  const card = (await page(app, `/runs/${runId}`)).html.querySelector('.progress')!
  return {
    time: card.querySelector('time')?.text,
    comparison: card.querySelector('.progress-top > .muted')?.text,
    marks: card.querySelectorAll('.track text').map((mark) => [mark.getAttribute('x'), mark.text]),
    fill: card.querySelector('.track .done')?.getAttribute('width'),
    more: words(card.querySelector('.progress-more')?.text ?? ''),
  }
}

test('a run that goes on is seen against what runs of its workflow usually take', async () => {
  const { app, clock, agent, runId } = await running(20)
  const at = async (ms: number) => {
    await clock.advance(ms)
    return progress(app, runId)
  }
  const marks = [
    ['40.49%', 'half finish by 10.0s'],
    ['76.92%', '95% by 19.0s'],
  ]
  expect(await at(4000)).toEqual({ time: '4.0s', comparison: 'usually 10.0s', marks, fill: '16.19%', more: '' })
  expect(await at(6000)).toMatchObject({ time: '10.0s', comparison: 'about as long as usual', marks })
  expect(await at(6000)).toMatchObject({ time: '16.0s', comparison: 'longer than usual; 1 run in 4 takes this long' })
  expect(await at(24_000)).toMatchObject({ time: '40.0s', comparison: 'longer than any of the last 20 completed runs' })
  await agent.close()
})

test('under five runs nobody knows what is usual', async () => {
  const { app, clock, agent, runId } = await running(4)
  await clock.advance(3000)
  expect(await progress(app, runId)).toEqual({
    time: '3.0s',
    comparison: undefined,
    marks: [],
    fill: undefined,
    more: '',
  })
  await agent.close()
})

test('a job says how often it was checked, when it is next, and what stopping does not do', async () => {
  const { app, clock, runId } = await withJob()
  await askedAgain({ app, clock, runId })
  expect((await progress(app, runId)).more).toMatch(
    /^Checked 1 time, next check in [12] s\. The agent works on its own: closing this page does not stop it\.$/,
  )
  const { text } = await page(app, `/runs/${runId}`)
  expect(text).toContain('“Stop waiting” does not stop the job: the agent is not told.')
})

test('a completed run names what is usual, and inputs that the agent’s defaults stood in for', async () => {
  const schema = json({
    workflow: 'article_writer',
    inputs: {
      topic: { type: 'str', required: true },
      tone: { type: 'str', required: false, default: 'neutral' },
      tags: { type: 'list[str]', required: false, default: ['a', 'b'] },
      notes: { type: 'str', required: false },
    },
    outputs: [],
  })
  const agent = await startAgent({ schema })
  const { app } = await withAgent({ schema })
  await insertRuns(app, completed(5))
  const runId = await execute(app, 'writer', { topic: 'SQLite' })
  await app.orchestrator.ended(runId, 60_000)
  const { html } = await page(app, `/runs/${runId}`)
  expect(words(html.querySelector('.facts')!.text)).toContain('usually 2.0s')
  expect(html.querySelectorAll('.pairs > div').map(({ text }) => words(text))).toEqual([
    'topic SQLite',
    'tone not sent · default neutral',
    'tags not sent · default a, b',
  ])
  expect(words(html.querySelector('.unsent')!.text)).toBe('Not sent: notes')
  await agent.close()
})

test('a failed run links to those with the same error', async () => {
  const { app } = await withAgent()
  const failed = { status: 'failed', workflow_name: 'writer', agent_id: 'writer', error_message: 'Out of tokens' }
  await insertRuns(app, [failed, failed, { ...failed, error_message: 'Another' }])
  const card = (await page(app, '/runs/run-0')).html.querySelector('a.mini')!
  expect(words(card.text)).toBe('Same error 2 runs All on writer, within a day of this one.')
  expect((await api(app, 'GET', card.getAttribute('href')!)).json.total).toBe(2)
  expect((await page(app, '/runs/run-2')).html.querySelector('a.mini')).toBeNull()
})
