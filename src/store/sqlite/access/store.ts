import { createRevision } from '../../../shared/revision.ts'
import type { AccessStore } from '../../ports/access.ts'
import type { Store } from '../file/open.ts'
import { createSessionStore } from './sessions.ts'
import { createTokenStore } from './tokens.ts'
import { createUserStore } from './users.ts'

export function createAccessStore(file: Pick<Store, 'db' | 'write' | 'othersVersion'>): AccessStore {
  let changes = 0
  const write: Store['write'] = async (change, how) => {
    const result = await file.write(change, how)
    changes++
    return result
  }
  return {
    users: createUserStore(file, write),
    sessions: createSessionStore(file, write),
    tokens: createTokenStore(file, write),
    revision: createRevision(file.othersVersion, () => changes),
  }
}
