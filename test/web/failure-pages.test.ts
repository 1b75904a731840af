import { parse } from 'node-html-parser'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { ConflictError, StoreBusyError } from '../../src/shared/errors.ts'
import { failureTitle } from '../../src/web/http/failure-words.ts'
import { buildTestApp } from '../support/app.ts'
import { openGivenStore } from '../support/store/database.ts'

const asBrowser = { accept: 'text/html' }
const forDialog = { ...asBrowser, 'hx-request': 'true', 'hx-target': 'div#dialog-body' }
const asForm = { ...asBrowser, 'content-type': 'application/x-www-form-urlencoded' }

/** Saved views fail with this. */
async function failing(error: Error) {
  const fails = () => Promise.reject(error)
  const app = await buildTestApp(
    {},
    {
      logger: pino({ level: 'silent' }),
      openStore: async (...given) => {
        const store = await openGivenStore(...given)
        return { ...store, views: { ...store.views, all: fails, add: fails } }
      },
    },
  )
  async function ask(method: 'GET' | 'POST', url: string, headers: Record<string, string>) {
    const body = method === 'POST' ? { payload: 'name=A&filter=status%3Dfailed' } : {}
    const { statusCode, payload } = await app.inject({ method, url, headers, ...body })
    const html = parse(payload)
    const ways = html.querySelectorAll('.failure-ways a')
    const best = ways.filter(({ classList }) => classList.contains('primary')).map((way) => way.text)
    return { status: statusCode, title: html.querySelector('h1, h2')?.text, text: html.text, best }
  }
  return ask
}

test('a page that may come later offers to try again', async () => {
  const ask = await failing(new StoreBusyError())
  expect(await ask('GET', '/runs', asBrowser)).toMatchObject({
    ...{ status: 503, title: 'Not available right now', best: ['Try again'] },
    text: expect.not.stringContaining('sends what you typed again'),
  })
  expect(await ask('GET', '/runs/views/one/delete', forDialog)).toMatchObject({ title: 'Not available right now' })
})

test('a form that came at a bad time may be sent again', async () => {
  const answer = await (await failing(new StoreBusyError()))('POST', '/runs/views', asForm)
  expect(answer).toMatchObject({ status: 503, text: expect.stringContaining('sends what you typed again') })
})

test('what nobody foresaw is not said to be undone, and is not sent again by a reload', async () => {
  const ask = await failing(new Error('bug'))
  const form = await ask('POST', '/runs/views', asForm)
  expect(form).toMatchObject({ status: 500, title: 'Unexpected error', best: ['Runs'] })
  expect(form.text).toContain('It may have been done: check before you try again.')
  expect(form.text).not.toContain('sends what you typed again')
  const page = await ask('GET', '/runs', asBrowser)
  expect(page).toMatchObject({ status: 500, best: ['Try again'] })
  expect(page.text).not.toContain('It may have been done')
})

test('what stays refused leads elsewhere', async () => {
  const ask = await failing(new ConflictError('Full.'))
  expect(await ask('GET', '/runs/views/one/delete', forDialog)).toMatchObject({ status: 409, title: 'Not possible' })
  expect(await ask('GET', '/runs/views/one/delete', asBrowser)).toMatchObject({ title: 'Not possible', best: ['Runs'] })
})

test('titles are words that people use', () => {
  const said = [400, 403, 404, 408, 409, 410, 413, 415, 422, 429, 431, 500, 503, 507].map(failureTitle)
  expect(said.join()).not.toMatch(/conflict|entity|payload|media type|service|bad request|insufficient/i)
})
