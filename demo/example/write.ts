import { systemClock } from '../../src/shared/time/clock.ts'
import { openStore } from '../../src/store/sqlite/file/open.ts'
import { fillExample } from './fill.ts'

/** Writes a file with the agents of the demo and two weeks of work. */
export async function writeExample(database: string): Promise<void> {
  const store = openStore(database, systemClock)
  await fillExample(store, Date.now())
  await store.close()
}
