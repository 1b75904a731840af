import { expect, test } from 'vitest'
import { api, buildTestApp, page, partial, submitPartial, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'

const now = Date.UTC(2026, 11, 20, 12)
const build = () => buildTestApp({}, { clock: createTestClock(now) })
const tidy = (text: string) => text.replace(/\s+/g, ' ').trim()

/** Every number of runs that a person meets for one filter. */
async function numbers(app: TestApp, query: string) {
  const list = await page(app, `/runs?${query}`)
  const chart = await partial(app, `/runs/chart?${query}`)
  const question = await submitPartial(app, '/runs/bulk', { action: 'delete', all: 'yes', filter: `/runs?${query}` })
  const { json } = await api(app, 'GET', `/runs?${query}`)
  const box = list.html.querySelector('.sel-all')
  return {
    foot: list.html
      .querySelector('.pager .muted')!
      .text.replace(/^1–\d+ of /, '')
      .replace(/ runs?$/, ''),
    box: box && /^all (\S*)$/.exec(tidy(box.text))?.[1],
    chart: tidy(chart.html.querySelector('.runs-figure')!.text).split(' ')[0],
    bars: chart.html
      .querySelectorAll('tbody tr')
      .reduce((sum, row) => sum + Number(row.querySelectorAll('td')[0]!.text.replaceAll(',', '')), 0),
    question: /^Delete (?:more than )?([\d,]+)/.exec(question.html.querySelector('h2')!.text)?.[1],
    json: [json.total, json.total_is_exact],
    note: chart.html.querySelector('.chart-note')?.text ?? '',
  }
}

test('in a small history the list, its foot, the chart and a bulk action say the same', async () => {
  const app = await build()
  const text = 'word '.repeat(400)
  await insertRuns(
    app,
    Array.from({ length: 2600 }, (_, index) => ({
      status: index % 3 ? 'completed' : 'failed',
      inputs: `{"topic": "${index % 5 ? 'a safety review' : 'review of safety'}", "text": "${text}"}`,
      outputs: `{"score": ${index % 10}}`,
      duration_seconds: index % 7,
    })),
  )
  for (const [query, runs] of [
    ['q=out.score%3E5', 1040],
    ['q=%22safety+review%22', 2080],
    ['q=safety+OR+out.score%3E8&status=failed', 867],
    ['q=-in.topic:%22safety+review%22&agent=%2Flocal', 520],
    ['longer=3', 1113],
    ['', 2600],
  ] as const) {
    const { foot, box, chart, bars, question, json } = await numbers(app, query)
    const text = runs.toLocaleString('en-US')
    expect({ query, foot, box, chart, bars, question, json }).toEqual({
      query,
      foot: text,
      box: text,
      chart: text,
      bars: runs,
      question: text,
      json: [runs, true],
    })
  }
})

test('runs that are dated in the future are counted, and said to be left out', async () => {
  const app = await build()
  await insertRuns(app, [{}, {}, {}, { started_at: '2099-01-01 00:00:00.000000' }])
  expect(await numbers(app, '')).toEqual({
    foot: '4',
    box: '4',
    chart: '4',
    bars: 3,
    question: '3',
    json: [4, true],
    note: 'Not in the chart: 1 run dated in the future.',
  })
  const { text } = await submitPartial(app, '/runs/bulk', { action: 'delete', all: 'yes', filter: '/runs' })
  expect(text).toContain('1 of 4 runs skipped')
  expect(text).toContain('This run is dated in the future.')
})

test('in a large history a count that has not finished is never below what is shown, and finishes with the chart', async () => {
  const app = await build()
  const text = 'word '.repeat(200)
  const at = (index: number) =>
    new Date(now - 3_600_000 * 24 + index * 1000).toISOString().replace('T', ' ').replace('Z', '000')
  await insertRuns(
    app,
    Array.from({ length: 10_100 }, (_, index) => ({
      inputs: `{"n": ${index % 100}, ${index === 0 ? '"rare": 1, ' : ''}"text": "${text}"}`,
      started_at: at(index),
    })),
  )
  const query = 'q=in.n%3E97'
  const first = await page(app, `/runs?${query}`)
  expect(first.html.querySelector('#runs')!.getAttribute('hx-trigger')).toBe('every 2s, refresh')
  const shown = first.html.querySelectorAll('tr.run').length
  const least = /([\d,]+)\+/.exec(first.html.querySelector('.pager .muted')!.text)?.[1]
  expect(Number(least)).toBeGreaterThanOrEqual(shown)
  const { chart, bars, json } = await numbers(app, query)
  expect({ chart, bars, json }).toEqual({ chart: '202', bars: 202, json: [202, true] })
  const after = await page(app, `/runs?${query}`)
  expect(after.html.querySelector('.pager .muted')!.text).toMatch(/\b202\b(?!\+)/)
  expect(after.html.querySelector('#runs')!.getAttribute('hx-trigger')).toBe('every 10s, refresh')

  // What nobody has found any of yet has no number.
  const none = await page(app, '/runs?q=in.rare:1')
  expect(none.html.querySelector('.pager .muted')!.text).toBe('Counting…')
  expect(none.html.querySelector('#status-all')!.text.trim()).toBe('All')
  expect(none.text).not.toMatch(/\b0\+/)
})
