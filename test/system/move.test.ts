import { expect, test } from 'vitest'
import { move } from '../../src/store/move/move.ts'
import { ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { buildTestApp } from '../support/app.ts'
import { testDatabase } from '../support/postgres/database.ts'
import { temporaryFile } from '../support/temporary.ts'

const quick = { passwordLogCost: 4 }
const report = {
  ...{ run_id: 'nightly-1', workflow_name: 'nightly', status: 'completed', started_at: '2026-11-22T16:14:30Z' },
  ...{ inputs: { topic: 'grid storage' }, outputs: { pages: 3 } },
}

test('after a move there, and back, a person logs in as before, and finds the runs by their words', async () => {
  const [file, back] = [temporaryFile(), temporaryFile()]
  const { url } = await testDatabase()
  const first = await buildAppWithUsers({ ann: 'admin' }, { db: file })
  const cookie = await cookieFor(first, 'ann')
  const answer = await ask(first, cookie, '/runs', { method: 'POST', payload: report })
  expect(answer.statusCode, answer.payload).toBeLessThan(300)
  await first.close()

  for (const [from, to] of [
    [file, url],
    [url, back],
  ] as const) {
    await move(from, to)
    const app = await buildTestApp({ db: to }, quick)
    await app.orchestrator.start()
    // The session has moved too.
    expect((await ask(app, cookie, '/runs')).statusCode).toBe(200)
    const again = await cookieFor(app, 'ann')
    const found = async () => (await ask(app, again, '/runs?q=in.topic:storage')).json().runs
    await expect.poll(found).toMatchObject([{ run_id: 'nightly-1' }])
    await app.close()
  }
})
