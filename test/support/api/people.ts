import { localActor } from '../../../src/shared/actor.ts'
import { type ActorRole, actorRoles, includesRole } from '../../../src/shared/role.ts'
import { sessionCookie } from '../../../src/web/http/cookies/session.ts'
import type { TestApp } from '../app.ts'
import type { Described } from './operations.ts'

/** Of the examples of the document. */
const exampleUser = '0199b0c8-0000-7000-8000-000000000004'
const exampleSession = '0199b0c8-0000-7000-8000-000000000005'
const examplePassword = 'correct horse battery'

export type Caller = ActorRole | 'nobody'

/** The user of the examples, who is no caller, and callers of each role, who have a session and a token. */
export async function addPeople(app: TestApp, giveNextId: (id: string) => void) {
  const { users, tokens, logIn: begin } = app.orchestrator.access
  const seenFrom = { address: '192.0.2.1', browser: 'curl/8' }
  const sessions = new Map<Caller, string>()
  const bearers = new Map<Caller, string>()

  const logIn = async (name: string) => (await begin({ name, password: examplePassword }, seenFrom))!.secret

  async function addUser(name: string, role: ActorRole, id?: string) {
    const known = (await users.all()).find((user) => user.name === name)
    if (!known && id) giveNextId(id)
    return known ?? users.add({ name, password: examplePassword, role }, localActor)
  }

  async function restoreUser(name: string, role: ActorRole, id?: string): Promise<void> {
    const user = await addUser(name, role, id)
    await users.change(user.id, { role, agents: null }, localActor)
    // It ends their sessions.
    await users.setPassword(user.id, examplePassword, localActor)
  }

  /** What requests have changed is as before. */
  async function restore(): Promise<void> {
    for (const role of actorRoles) {
      await restoreUser(role, role)
      await logIn(role)
      sessions.set(role, await logIn(role))
    }
    await restoreUser('ann', 'viewer', exampleUser)
    giveNextId(exampleSession)
    await logIn('ann')
  }

  await restore()
  for (const role of actorRoles) {
    const { secret } = await tokens.create(
      { name: role, kind: 'api', role, agents: null, expiresInDays: 1 },
      localActor,
    )
    bearers.set(role, secret)
  }

  return {
    restore,

    /** As the document says it: with a token, or where it knows none, with a session. */
    headersOf(caller: Caller, described?: Pick<Described, 'operation'>): Record<string, string> {
      const known = described ? described.operation.security!.flatMap((one) => Object.keys(one)) : ['bearer']
      if (caller === 'nobody') return {}
      if (known.includes('bearer')) return { authorization: `Bearer ${bearers.get(caller)}` }
      return known.includes('session') ? { cookie: `${sessionCookie}=${sessions.get(caller)}` } : {}
    },

    /** Whether the document lets them ask. */
    mayAsk(caller: Caller, { operation }: Pick<Described, 'operation'>): boolean {
      const needed = operation.security!.flatMap((one) => Object.values(one).flat())
      if (needed.length === 0 || caller === 'nobody') return needed.length === 0
      return actorRoles.some((role) => needed.includes(role) && includesRole(caller, role))
    },
  }
}
