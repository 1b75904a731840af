import { rmSync, statSync } from 'node:fs'
import type { UpkeepStore } from '../../ports/upkeep.ts'
import { backUp, removeUnfinishedBackup, unfinishedBackup } from '../copies/backup.ts'
import type { Store } from '../file/open.ts'

/** Faults that leave the file itself as it should be. */
const copiedNonetheless = ['full', 'read-only', 'disk-error', 'incomplete', 'damaged']

type Backups = Pick<UpkeepStore, 'backupFault' | 'backUp' | 'backupProgress' | 'discardBackup'>

/** Beside the file, where there is likely to be room. */
export function createBackups({ path: database, fault }: Pick<Store, 'path' | 'fault'>): Backups {
  const path = `${database}-backup`

  function discard(): void {
    removeUnfinishedBackup(path)
    rmSync(path, { force: true })
  }

  return {
    backupFault() {
      const found = fault()
      return found && !copiedNonetheless.includes(found.kind) ? found : undefined
    },

    async backUp(options) {
      discard()
      return { path, bytes: await backUp(database, path, options) }
    },

    backupProgress: async () => ({ written: sizeOf(unfinishedBackup(path)), expected: sizeOf(database) }),

    discardBackup: async () => discard(),
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
