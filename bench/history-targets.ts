import { searches } from './sample-payloads.ts'

type Select = { sql: string; params: unknown[] }
/** A page that is measured, and what one would ask of SQLite by hand to know what it shows. */
export type Target = { name: string; path: string; select: Select[] }

const dayMs = 86_400_000
const placesPerMs = 4096
const newest = 'ORDER BY seq DESC LIMIT 50'
const byWords = 'SELECT r.* FROM run_search f CROSS JOIN run_index r ON r.seq = f.rowid WHERE f.run_search MATCH ?'
const select = (sql: string, ...params: unknown[]): Select => ({ sql, params })
const rows = (rest: string, ...params: unknown[]): Select => select(`SELECT * FROM run_index ${rest}`, ...params)
const found = (words: string, rest = '', ...params: unknown[]): Select =>
  select(`${byWords} ${rest} ORDER BY f.rowid DESC LIMIT 50`, words, ...params)

/** The different words of a column, from one to the next. */
const different = (column: string, condition: string): Select => {
  const next = (more: string) => `SELECT min(${column}) FROM run_index WHERE ${condition} ${more}`
  return select(
    `WITH RECURSIVE names(name) AS (
       ${next('')} UNION ALL SELECT (${next(`AND ${column} > name`)}) FROM names WHERE name IS NOT NULL
     ) SELECT name FROM names`,
  )
}

/** The pages of a history whose newest runs are of `now`; `last` is the seq of a run near its end. */
export function targetsOf(last: number, now: number): Target[] {
  const deep = (now - 180 * dayMs) * placesPerMs
  const week = (now - 7 * dayMs) * placesPerMs
  const month = (now - 30 * dayMs) * placesPerMs
  const inMonth = `seq >= CAST(${month} AS INTEGER)`
  const counts = select('SELECT status, sum(runs) FROM run_totals GROUP BY status')
  const countsOf = (agent: string) =>
    select('SELECT status, sum(runs) FROM run_days WHERE agent = ? GROUP BY status', agent)
  // Beside its rows, the page has the agents and workflows to choose from.
  const choices = [
    select('SELECT agent_id, agent_name FROM agents'),
    different('agent_id', 'agent_id IS NOT NULL'),
    different('workflow', 'TRUE'),
  ]
  const list = (name: string, query: string, ...own: Select[]): Target => ({
    name,
    path: `/runs${query}`,
    select: [...own, ...choices],
  })
  const chart = (name: string, query: string, ...select: Select[]): Target => ({
    name,
    path: `/runs/chart${query}`,
    select,
  })
  const { common, rare, phrase, field } = searches
  const q = (text: string, rest = '') => `?q=${encodeURIComponent(text)}${rest}`
  const least = Number(/\d+/.exec(field)![0])
  const sums = 'sum(runs), sum(tokens), sum(cost)'
  const durations = (where: string, ...params: unknown[]) =>
    select(`SELECT duration FROM run_index ${where} ORDER BY seq DESC LIMIT 10000`, ...params)

  return [
    list('first page', '', rows(newest), counts),
    list('page deep in the list', `?older=${deep}`, rows(`WHERE seq < ? ${newest}`, deep), counts),
    list('last page', `?older=${last}`, rows(`WHERE seq < ? ${newest}`, last), counts),
    list('oldest first', '?sort=-started', rows('ORDER BY seq LIMIT 50'), counts),
    list('by agent', '?agent=agent-3', rows(`WHERE agent = 'agent-3' ${newest}`), countsOf('agent-3')),
    list(
      'by agent, deep',
      `?agent=agent-3&older=${deep}`,
      rows(`WHERE agent = 'agent-3' AND seq < ? ${newest}`, deep),
      countsOf('agent-3'),
    ),
    list(
      'by three agents',
      '?agent=agent-3&agent=agent-9&agent=agent-19',
      rows(`WHERE agent IN ('agent-3', 'agent-9', 'agent-19') ${newest}`),
      counts,
    ),
    list('of no agent', '?agent=%2Flocal', rows(`WHERE agent IN ('report', 'digest', 'cleanup') ${newest}`), counts),
    list('by status', '?status=failed', rows(`WHERE status = 'failed' ${newest}`), counts),
    list(
      'by two rare statuses',
      '?status=lost&status=cancelled',
      rows(`WHERE status IN ('lost', 'cancelled') ${newest}`),
      counts,
    ),
    list('by workflow', '?workflow=agent-3-workflow-1', rows(`WHERE workflow = 'agent-3-workflow-1' ${newest}`)),
    list('by time', '?time=week', rows(`WHERE seq >= ? ${newest}`, week), counts),
    list('by duration', '?longer=5m', rows(`WHERE duration > 300 ${newest}`)),
    list('by long duration', '?longer=1000', rows(`WHERE duration > 1000 ${newest}`)),
    list(
      'by agents and statuses',
      '?agent=agent-3&agent=agent-9&status=failed&status=lost',
      rows(`WHERE agent IN ('agent-3', 'agent-9') AND status IN ('failed', 'lost') ${newest}`),
      counts,
    ),
    list(
      'by all of these',
      '?agent=agent-3&status=failed&workflow=agent-3-workflow-1&time=month&longer=1m',
      rows(
        `WHERE agent = 'agent-3' AND status = 'failed' AND workflow = 'agent-3-workflow-1' AND duration > 60 AND ${inMonth} ${newest}`,
      ),
    ),
    list('longest first', '?sort=duration', rows('ORDER BY duration DESC, seq DESC LIMIT 50'), counts),
    list(
      'longest of an agent',
      '?sort=duration&agent=agent-3',
      rows(`WHERE agent = 'agent-3' ORDER BY duration DESC, seq DESC LIMIT 50`),
      countsOf('agent-3'),
    ),
    list(
      'dearest of a status',
      '?sort=cost&status=completed',
      rows(`WHERE status = 'completed' ORDER BY cost DESC, seq DESC LIMIT 50`),
      counts,
    ),
    list(
      'longest of the week',
      '?sort=duration&time=week',
      rows('WHERE seq >= ? ORDER BY duration DESC, seq DESC LIMIT 50', week),
      counts,
    ),
    list('search: common word', q(common), found(common)),
    list(
      'search: common word, deep',
      q(common, `&older=${deep}`),
      found(common, 'AND f.rowid < CAST(? AS INTEGER)', deep),
    ),
    list('search: rare word', q(rare), found(rare)),
    list('search: phrase', q(phrase), found('climate AND policy')),
    list(
      'search: field',
      q(field),
      select(
        `SELECT r.* FROM run_index r JOIN workflow_runs w ON w.id = r.run_id WHERE json_extract(w.outputs, '$.word_count') > ? ORDER BY r.seq DESC LIMIT 50`,
        least,
      ),
    ),
    list('search: word and word', q(`${common} refused`), found(`${common} AND refused`)),
    list('search: word, not word', q(`${common} -error:refused`), found(`${common} NOT error : refused`)),
    list(
      'search: word, by agent and status',
      q('refused', '&agent=agent-3&status=failed'),
      found('refused', `AND r.agent = 'agent-3' AND r.status = 'failed'`),
    ),
    chart('chart of all', '', select(`SELECT at / 7, status, ${sums} FROM run_totals GROUP BY 1, 2`), durations('')),
    chart(
      'chart of a week',
      '?time=week',
      select(
        `SELECT at / 3, status, ${sums} FROM run_hours WHERE at >= ? GROUP BY 1, 2`,
        (now - 7 * dayMs) / 3_600_000,
      ),
      durations(''),
    ),
    chart(
      'chart of an agent',
      '?agent=agent-3',
      select(`SELECT at / 7, status, ${sums} FROM run_days WHERE agent = 'agent-3' GROUP BY 1, 2`),
      durations(`WHERE agent = 'agent-3'`),
    ),
    chart(
      'chart of a search',
      q(common),
      select(
        `SELECT r.seq, r.status, r.duration, r.tokens, r.cost FROM run_search f CROSS JOIN run_index r ON r.seq = f.rowid WHERE f.run_search MATCH ? ORDER BY f.rowid DESC LIMIT 10000`,
        common,
      ),
    ),
    {
      name: 'overview',
      path: '/',
      select: [
        select(`SELECT at, status, ${sums} FROM run_hours WHERE at >= ? GROUP BY 1, 2`, (now - dayMs) / 3_600_000),
        select(`SELECT agent, sum(cost) FROM run_days WHERE at >= ? GROUP BY 1`, (now - 14 * dayMs) / dayMs),
        select(`SELECT at, sum(cost) FROM run_totals WHERE at >= ? GROUP BY 1`, (now - 14 * dayMs) / dayMs),
        durations('WHERE seq >= ?', (now - dayMs) * placesPerMs),
        rows(`WHERE status = 'failed' ORDER BY seq DESC LIMIT 200`),
        rows(`WHERE status = 'running' ${newest}`),
      ],
    },
    {
      name: 'board of the agents',
      path: '/orchestrator',
      select: [
        select(`SELECT agent, status, ${sums} FROM run_hours WHERE at >= ? GROUP BY 1, 2`, (now - dayMs) / 3_600_000),
        select('SELECT agent, duration FROM run_index WHERE seq >= ? ORDER BY seq DESC', (now - dayMs) * placesPerMs),
      ],
    },
  ]
}
