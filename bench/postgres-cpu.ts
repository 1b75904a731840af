import { readFileSync } from 'node:fs'
import pg from 'pg'

/** Tells how much of the processor the connections of a server took since it was last asked, in milliseconds; of Linux only. */
export async function watchServer(
  url: string,
): Promise<{ cpuMs: () => Promise<number>; client: pg.Client; stop: () => Promise<void> }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  let before = new Map<number, number>()
  return {
    client,
    async cpuMs() {
      const { rows } = await client.query<{ pid: number }>(
        'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
      )
      const now = new Map(rows.map(({ pid }) => [pid, cpuOf(pid)]))
      const used = [...now].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0)
      before = now
      return used
    },
    stop: () => client.end(),
  }
}

function cpuOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
  } catch {
    return 0
  }
}
