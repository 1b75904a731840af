import type { Clock } from '../../../shared/time/clock.ts'
import type { UpkeepStore } from '../../ports/upkeep.ts'
import type { Store } from '../file/open.ts'
import { createRunDeletion } from '../runs/deletion.ts'
import { createOldRuns } from '../runs/old-runs.ts'
import { createRunStates } from '../runs/state-index.ts'
import { createBackups } from './backups.ts'
import { createFileFacts } from './facts.ts'
import { createTidying } from './tidying.ts'

export function createUpkeepStore(file: Store, clock: Pick<Clock, 'now' | 'elapsed'>): UpkeepStore {
  const states = createRunStates(file)
  const deletion = createRunDeletion(file, clock.elapsed)
  const oldRuns = createOldRuns(file, deletion, clock.now)
  const facts = createFileFacts(file)

  return {
    facts: async () => ({ ...facts(), states: states.progress() }),
    ...createTidying({ file, clock, states, deletion, oldRuns }),
    ...createBackups(file),
  }
}
