import { isIP } from 'node:net'

/** Without `servers` the system's own are used. */
export type ResolvConf = { servers: string[]; search: string[]; ndots: number }

export const resolvConfPath = '/etc/resolv.conf'

const maxServers = 3
const maxSearch = 6
const maxNdots = 15

/** As the C library does: the last `search` or `domain` counts, unknown lines are skipped. */
export function parseResolvConf(text: string): ResolvConf {
  const conf: ResolvConf = { servers: [], search: [], ndots: 1 }
  for (const line of text.split(/\r?\n/)) {
    const [word, ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/)
    if (word === 'nameserver' && isServer(values[0])) conf.servers.push(values[0])
    else if (word === 'search' || word === 'domain') conf.search = values.map(withoutDot).filter(Boolean)
    else if (word === 'options') conf.ndots = ndotsIn(values) ?? conf.ndots
  }
  return { ...conf, servers: conf.servers.slice(0, maxServers), search: conf.search.slice(0, maxSearch) }
}

export function candidates(name: string, { search, ndots }: ResolvConf): string[] {
  if (name.endsWith('.')) return [withoutDot(name)]
  const longer = search.map((ending) => `${name}.${ending}`)
  return name.split('.').length > ndots ? [name, ...longer] : [...longer, name]
}

/** c-ares also takes a port. */
function isServer(value: string | undefined): value is string {
  return value !== undefined && isIP(value.replace(/^\[(.*)\](:\d+)?$|^([\d.]+):\d+$/, '$1$3')) !== 0
}

const withoutDot = (name: string) => name.replace(/\.$/, '')

function ndotsIn(options: string[]): number | undefined {
  const written = options.map((option) => /^ndots:(\d+)$/.exec(option)?.[1]).findLast((found) => found !== undefined)
  return written === undefined ? undefined : Math.min(maxNdots, Number(written))
}
