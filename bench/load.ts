import autocannon from 'autocannon'

const connections = 10
const seconds = 4

/** Requests per second that `url` answers with 2xx, or with another status that is expected. */
export async function requestsPerSecond(
  url: string,
  options: Partial<autocannon.Options> = {},
  expected?: number,
): Promise<number> {
  await autocannon({ url, connections, duration: 1, ...options })
  const result = await autocannon({ url, connections, duration: seconds, ...options })
  const refused =
    expected === undefined
      ? result.non2xx
      : result.requests.total - (result.statusCodeStats?.[`${expected}`]?.count ?? 0)
  if (refused > 0 || result.errors > 0) throw new Error(`${url}: ${refused} refused, ${result.errors} failed`)
  return result.requests.average
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
