import type { Lease } from '../../store/ports/cluster.ts'

/** Who does the work that one dashboard does for all: health checks, bulk actions, indexing and retention. */
export type Leadership = {
  leads(): boolean
  /** Resolves when this dashboard leads, or is to stop. */
  leading(): Promise<void>
  lease(): Lease | undefined
}

export type OwnLeadership = Leadership & {
  /** What is held until then, by `elapsed`; undefined while another dashboard holds it. */
  note(held: { lease: Lease; until: number } | undefined): void
  resign(): void
}

export function createLeadership(elapsed: () => number): OwnLeadership {
  let held: { lease: Lease; until: number } | undefined
  let isClosed = false
  let waiting: (() => void)[] = []
  /** Also where this process was stopped for a while, and nothing else has told it yet. */
  const leads = () => !isClosed && held !== undefined && elapsed() < held.until

  function release(): void {
    const released = waiting
    waiting = []
    for (const go of released) go()
  }

  return {
    leads,

    leading: () => (leads() || isClosed ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),

    lease: () => (leads() ? held?.lease : undefined),

    note(known) {
      held = known
      if (leads()) release()
    },

    resign() {
      isClosed = true
      release()
    },
  }
}
