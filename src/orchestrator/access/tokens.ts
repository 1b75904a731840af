import type { Actor } from '../../shared/actor.ts'
import { InvalidInputError, NotFoundError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import { dayMs } from '../../shared/time/durations.ts'
import type { Token, TokenStore } from '../../store/ports/access.ts'
import type { EventStream } from '../events.ts'
import { type IsAgent, refuseUnknownAgents } from './agent-list.ts'
import { hashOfSecret, newSecret } from './secrets.ts'
import { type NewToken, readNewToken } from './token-fields.ts'

/** What is shown of a token: what it is recognized by is not kept. */
export type ShownToken = Omit<Token, 'hash'>

export type Tokens = {
  all(): Promise<ShownToken[]>
  /** Throws NotFoundError. */
  find(id: string): Promise<ShownToken>
  /** `secret` is what its holder sends: nobody can read it again. Throws InvalidInputError. */
  create(token: NewToken, by: Actor): Promise<{ token: ShownToken; secret: string }>
  /** It is refused from now on. Throws NotFoundError. */
  remove(id: string, by: Actor): Promise<ShownToken>
}

export function createTokens(deps: {
  store: TokenStore
  isAgent: IsAgent
  newId: () => string
  randomHex: (bytes: number) => string
  clock: Pick<Clock, 'now'>
  events: EventStream
}): Tokens {
  const { store, isAgent, newId, randomHex, clock, events } = deps

  async function find(id: string): Promise<ShownToken> {
    const token = (await store.all()).find((one) => one.id === id)
    if (!token) throw new NotFoundError('token', id)
    return shown(token)
  }

  const announce = ({ id: tokenId, name, kind, role, agents }: ShownToken, change: 'created' | 'removed', by: Actor) =>
    events.emit('token-changed', { tokenId, name, kind, role, agents, change, by })

  return {
    all: async () => (await store.all()).map(shown),
    find,

    async create(given, by) {
      const { expiresInDays, ...fields } = readNewToken(given, by)
      if (fields.kind === 'api') await refuseUnknownAgents(fields.agents, isAgent)
      const secret = newSecret('ca_', randomHex)
      const now = clock.now()
      const token: Token = {
        ...{ id: newId(), hash: hashOfSecret(secret), ...fields },
        ...{ createdBy: by.name, createdAt: now, lastUsedAt: null },
        expiresAt: expiresInDays === null ? null : now + expiresInDays * dayMs,
      }
      if ((await store.add(token)) === 'taken') {
        throw new InvalidInputError([{ field: 'name', message: `There is a token "${token.name}" already.` }])
      }
      announce(shown(token), 'created', by)
      return { token: shown(token), secret }
    },

    async remove(id, by) {
      const token = await find(id)
      if (!(await store.remove(id))) throw new NotFoundError('token', id)
      announce(token, 'removed', by)
      return token
    },
  }
}

function shown({ hash: _, ...token }: Token): ShownToken {
  return token
}
