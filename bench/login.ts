import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { writeHistory } from './history.ts'
import { median } from './load.ts'
import { type Bare, type Dashboard, startDashboard } from './programs.ts'

const agents = 20
const rounds = 9
const amount = 6000
const asHtmx = { 'hx-request': 'true', 'hx-request-type': 'partial', accept: 'text/html' }
const asProgram = { accept: 'application/json', 'content-type': 'application/json' }
const path = '/orchestrator/health-check'
const user = { username: 'ann', password: 'password of ann' }
/** So that nothing changes while the same answer is asked for again and again. */
const hardlyEver = { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '3600' }

type Poller = { name: string; dashboard: Dashboard; headers: Record<string, string> }

/** What a poll costs of somebody who has to be known, beside one of a dashboard without users. */
export async function measureLogin(folder: string, bare: Bare): Promise<void> {
  const [open, closed] = [await start(join(folder, 'open.db'), bare), await start(join(folder, 'closed.db'), bare)]
  const known = await logIn(closed.url)
  const pollers = [
    { name: 'open', dashboard: open, headers: {} },
    { name: 'cookie', dashboard: closed, headers: { cookie: known.cookie } },
    { name: 'token', dashboard: closed, headers: { authorization: `Bearer ${known.token}` } },
  ]
  console.log(`\nprocessor time of 1000 polls with ${agents} agents, median of ${rounds} rounds that take turns:`)
  for (const answer of [200, 304]) console.log(`  ${answer}: ${(await compare(pollers, answer)).join(', ')}`)
  await Promise.all([open.stop(), closed.stop()])
}

async function start(db: string, bare: Bare): Promise<Dashboard> {
  await writeHistory(db, 0, bare.url, agents)
  return startDashboard(db, hardlyEver)
}

async function logIn(url: string): Promise<{ cookie: string; token: string }> {
  const post = (to: string, body: object, headers = {}) =>
    fetch(url + to, { method: 'POST', headers: { ...asProgram, ...headers }, body: JSON.stringify(body) })
  await post('/settings/users', { name: user.username, password: user.password, role: 'admin' })
  const cookie = (await post('/login', user)).headers.get('set-cookie')!.split(';')[0]!
  const created = await post('/settings/tokens', { name: 'bench', role: 'admin', expires_in_days: null }, { cookie })
  const { token } = (await created.json()) as { token: string }
  return { cookie, token }
}

async function compare(pollers: Poller[], answer: number): Promise<string[]> {
  const times = new Map<Poller, number[]>(pollers.map((one) => [one, []]))
  const tags = new Map(await Promise.all(pollers.map(async (one) => [one, await lastingTag(one)] as const)))
  for (let round = 0; round <= rounds; round++) {
    for (const poller of pollers) {
      const ms = await cpuOf(poller, answer === 304 ? tags.get(poller) : undefined, answer)
      // The first round is to warm up.
      if (round > 0) times.get(poller)!.push(ms)
    }
  }
  const [yardstick] = times.values().map(median)
  return pollers.map((one) => {
    const ms = median(times.get(one)!)
    const more = one === pollers[0] ? '' : ` (${(100 * (ms / yardstick! - 1)).toFixed(1)} % more, aim: at most 10)`
    return `${one.name} ${ms.toFixed(1)} ms${more}`
  })
}

/** Until every agent was checked once, each answer is another one. */
async function lastingTag({ dashboard, headers }: Poller): Promise<string> {
  const ask = async () =>
    (await fetch(dashboard.url + path, { headers: { ...asHtmx, ...headers } })).headers.get('etag')!
  for (let known = '', tag = await ask(); ; await sleep(1000), known = tag, tag = await ask())
    if (tag === known) return tag
}

async function cpuOf({ dashboard, headers }: Poller, tag: string | undefined, answer: number): Promise<number> {
  await dashboard.figures()
  const sent = { ...asHtmx, ...headers, ...(tag !== undefined && { 'if-none-match': tag }) }
  const { statusCodeStats } = await autocannon({ url: dashboard.url + path, connections: 10, amount, headers: sent })
  const { cpuMs } = await dashboard.figures()
  const answered = Number(statusCodeStats?.[`${answer}`]?.count ?? 0)
  if (answered !== amount) throw new Error(`${answered} of ${amount} were answered with ${answer}`)
  return (cpuMs / amount) * 1000
}
