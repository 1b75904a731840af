import type { AccessStore } from '../../ports/access.ts'
import type { Database } from '../database/open.ts'
import { createSessionStore } from './sessions.ts'
import { createTokenStore } from './tokens.ts'
import { createUserStore } from './users.ts'

export function createAccessStore(database: Pick<Database, 'read' | 'write' | 'othersRevision'>): AccessStore {
  let changes = 0
  const write: Database['write'] = async (work, how) => {
    const result = await database.write(work, how)
    changes++
    return result
  }
  return {
    users: createUserStore(database, write),
    sessions: createSessionStore(database, write),
    tokens: createTokenStore(database, write),
    revision: () => `${database.othersRevision()}.${changes}`,
  }
}
