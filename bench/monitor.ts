import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeHistory } from './history.ts'
import { median, requestsPerSecond } from './load.ts'
import { type Bare, type Dashboard, startDashboard } from './programs.ts'

export const watchedAgents = 1000
const watchedMs = 30_000
const scrapes = 15
const listedAgents = 100
const asHtmx = { 'hx-request': 'true', 'hx-request-type': 'partial', accept: 'text/html' }
const path = '/orchestrator/health-check'
/** So that nothing changes while the same answer is asked for again and again. */
export const hardlyEver = { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '3600' }

/** What it costs to watch many agents, and to tell many browsers about them. The agents are those of bare.ts. */
export async function measureMonitor(folder: string, bare: Bare): Promise<void> {
  await measureWatching(join(folder, 'watching.db'), bare.url)
  await measurePolling(join(folder, 'listing.db'), bare)
}

async function measureWatching(db: string, agentsUrl: string): Promise<void> {
  await writeHistory(db, 0, agentsUrl, watchedAgents)
  const dashboard = await startDashboard(db)
  await watch(dashboard, watchedAgents)
  await dashboard.stop()
}

/** What it costs to watch so many agents. */
export async function watch(dashboard: Dashboard, agents: number): Promise<void> {
  // The first round is spread over five seconds, the later ones over all ten.
  await sleep(watchedMs)
  await dashboard.figures()
  await sleep(watchedMs)
  const { cpuMs, memoryMb, loopDelayMs } = await dashboard.figures()
  const scraped = await measureScrapes(dashboard)
  console.log(`\n${agents} agents watched, each every 10 s, over ${watchedMs / 1000} s:`)
  console.log(`  ${((100 * cpuMs) / watchedMs).toFixed(0)} % of one core (aim: under 25)`)
  console.log(`  ${memoryMb.toFixed(0)} MB of memory (aim: under 150)`)
  console.log(`  event-loop delay: p99 ${loopDelayMs.toFixed(1)} ms (aim: under 20)`)
  console.log(`  a scrape of /metrics: ${scraped.kilobytes.toFixed(0)} kB (aim: under 1,100),`)
  console.log(`    ${scraped.ms.toFixed(0)} ms (aim: under 30), median of ${scrapes}`)
}

async function measureScrapes({ url }: Dashboard): Promise<{ kilobytes: number; ms: number }> {
  const times: number[] = []
  let kilobytes = 0
  for (let scrape = 0; scrape < scrapes; scrape++) {
    const startedAt = performance.now()
    kilobytes = (await (await fetch(`${url}/metrics`)).text()).length / 1000
    times.push(performance.now() - startedAt)
  }
  return { kilobytes, ms: median(times) }
}

async function measurePolling(db: string, bare: Bare): Promise<void> {
  await writeHistory(db, 0, bare.url, listedAgents)
  const dashboard = await startDashboard(db, hardlyEver)
  await poll(dashboard, bare, `the polled partial with ${listedAgents} agents`, path)
  await dashboard.stop()
}

/** Asks for the same answer again and again, beside a bare Fastify. */
export async function poll(dashboard: Dashboard, bare: Bare, name: string, path: string): Promise<void> {
  const url = dashboard.url + path
  let tag: string | null = ''
  // Until every agent was checked once, each answer is another one.
  for (let known = ''; known !== tag || tag === ''; await sleep(3000)) {
    known = tag ?? ''
    tag = (await fetch(url, { headers: asHtmx })).headers.get('etag')
  }
  const page = await (await fetch(url, { headers: asHtmx })).text()
  const same = await bare.keep('polled', page)
  const row = (name: string, ours: number, yardstick: number, aim: string) =>
    console.log(
      `  ${name}: ${ours.toFixed(0)} of ${yardstick.toFixed(0)} requests a second, ratio ${(ours / yardstick).toFixed(2)}${aim}`,
    )

  console.log(`\n${name} (${(page.length / 1024).toFixed(0)} KiB), beside bare Fastify:`)
  row('200', await requestsPerSecond(url, { headers: asHtmx }), await requestsPerSecond(same), '')
  const unchanged = { headers: { ...asHtmx, 'if-none-match': tag! } }
  const ours = await requestsPerSecond(url, unchanged, 304)
  row('304', ours, await requestsPerSecond(`${bare.url}/unchanged`, unchanged, 304), ' (aim: 0.7)')
}
