import { randomBytes, randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { isPostgres } from '../../config/database.ts'
import { ConfigError, loadConfig } from '../../config.ts'
import type { Users } from '../../orchestrator/access/users.ts'
import type { Actor } from '../../shared/actor.ts'
import { AppError } from '../../shared/errors.ts'
import { systemClock } from '../../shared/time/clock.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'

/** Does something to the users of the database itself: whoever may write the file may do that, also beside a dashboard. */
export async function withUsers<Result>(
  { db }: { db?: string },
  run: (users: Users, by: Actor) => Promise<Result>,
): Promise<Result> {
  try {
    const config = loadConfig({ db })
    const [{ createUsers }, { createPasswords, usualLogCost }, { createEventStream }, { createAuditRecorder }] =
      await Promise.all([
        import('../../orchestrator/access/users.ts'),
        import('../../orchestrator/access/passwords.ts'),
        import('../../orchestrator/events.ts'),
        import('../../orchestrator/audit/recorder.ts'),
      ])
    const { access, audit, isAgent, close } = await openUsers(config.db)
    try {
      const events = createEventStream(() => {})
      const recorder = createAuditRecorder({ store: audit, clock: systemClock, events, nameOfAgent: () => undefined })
      const randomHex = (bytes: number) => randomBytes(bytes).toString('hex')
      const users = createUsers({
        store: access.users,
        passwords: createPasswords({ logCost: usualLogCost, randomHex }),
        newId: randomUUID,
        clock: systemClock,
        events,
        isAgent,
      })
      const result = await run(users, { id: 'cli', name: userInfo().username, role: 'admin', agents: null })
      await recorder.flush()
      return result
    } finally {
      await close()
    }
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, exitCodes.usage)
    if (error instanceof AppError) throw new CommandError(error.messageForAdmins)
    throw error
  }
}

async function openUsers(db: string) {
  if (!isPostgres(db)) {
    const { openAccessBeside } = await import('../../store/sqlite/access/beside.ts')
    return openAccessBeside(resolve(db), systemClock)
  }
  const { openPostgresStore } = await import('../../store/postgres/store.ts')
  const { access, audit, agents, close } = await openPostgresStore(db, systemClock)
  return { access, audit, isAgent: async (id: string) => (await agents.get(id)) !== undefined, close }
}
