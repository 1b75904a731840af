import autocannon from 'autocannon'

const connections = 10
const seconds = 4

/** Requests per second that `url` answers with 2xx. */
export async function requestsPerSecond(url: string, options: Partial<autocannon.Options> = {}): Promise<number> {
  await autocannon({ url, connections, duration: 1, ...options })
  const result = await autocannon({ url, connections, duration: seconds, ...options })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`)
  return result.requests.average
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
