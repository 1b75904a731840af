import { type AuditAction, auditActions } from '../../shared/audit/actions.ts'
import { type FieldError, InvalidInputError } from '../../shared/errors.ts'
import { unknownFields } from '../../shared/fields/names.ts'
import { readMoment } from '../../shared/text/moments.ts'
import type { User } from '../../store/ports/access.ts'
import type { AuditFilter, AuditStore } from '../../store/ports/audit.ts'

/** As they stand in an address. `user` is the name or the ID of whoever something was done to, `by` of who did it. */
const auditFields = ['by', 'action', 'agent', 'run', 'user', 'from', 'to'] as const
type AuditField = (typeof auditFields)[number]

const maxRemoved = 500
const maxNames = 1000
const maxListed = 5

export type ReadAuditFilter = (fields: Record<string, unknown>, more?: string[]) => Promise<AuditFilter>

/** Throws InvalidInputError, with each field that is wrong: what nobody understands must not select everything. */
export function createAuditFilters(deps: {
  store: Pick<AuditStore, 'list' | 'actorNames'>
  users: () => Promise<Pick<User, 'id' | 'name' | 'source'>[]>
}): ReadAuditFilter {
  const { store, users } = deps

  /** A name is one person's, whatever its case. */
  async function actorNamed(name: string): Promise<string> {
    const isExact = (await store.list({ actorName: name }, { max: 1 })).length > 0
    return isExact ? name : ((await store.actorNames(maxNames)).find((known) => isSame(known, name)) ?? name)
  }

  async function userNamed(given: string): Promise<string> {
    const all = await users()
    if (all.some(({ id }) => id === given)) return given
    const named = all.filter(({ name }) => isSame(name, given))
    if (named.length > 1) throw new Ambiguous(named)
    const [user] = named
    if (user) return user.id
    const removed = await store.list({ action: 'user.remove' satisfies AuditAction }, { max: maxRemoved })
    const gone = removed.find(({ subjectId, subjectName }) => subjectId === given || isSame(subjectName ?? '', given))
    if (gone?.subjectId) return gone.subjectId
    throw new Unknown(`There is no user “${given}”, and none was removed as far as entries are kept.`)
  }

  return async (fields, more = []) => {
    const errors = [...unknownFields(Object.keys(fields), [...auditFields, ...more]), ...emptyOrRepeated(fields)]
    const given = (name: AuditField) =>
      errors.some(({ field }) => field === name) ? undefined : (fields[name] as string | undefined)?.trim()
    const read = async <T>(name: AuditField, read: (text: string) => T | Promise<T>): Promise<T | undefined> => {
      const text = given(name)
      if (text === undefined) return undefined
      try {
        return await read(text)
      } catch (error) {
        if (!(error instanceof Unknown)) throw error
        errors.push({ field: name, message: error.message })
        return undefined
      }
    }
    if (given('run') !== undefined && given('user') !== undefined)
      errors.push({ field: 'user', message: 'Filter by run or by user: no entry is about both.' })
    const [from, to] = [await read('from', momentIn), await read('to', (text) => momentIn(text, true))]
    if (from !== undefined && to !== undefined && from >= to)
      errors.push({ field: 'to', message: 'This is before the start. Choose a later end.' })
    const filter = {
      actorName: await read('by', actorNamed),
      action: await read('action', actionIn),
      agentId: given('agent'),
      subjectId: given('run') ?? (await read('user', userNamed)),
      ...{ from, to },
    }
    if (errors.length > 0) throw new InvalidInputError(errors)
    return filter
  }
}

class Unknown extends Error {}

class Ambiguous extends Unknown {
  constructor(users: Pick<User, 'id' | 'name' | 'source'>[]) {
    const ids = users.slice(0, maxListed).map(({ id, source }) => `${id} (${source})`)
    super(`Several users have this name. Give the ID of one: ${ids.join(', ')}.`)
  }
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()

function actionIn(text: string): AuditAction {
  const found = auditActions.find((action) => action === text)
  if (found) return found
  throw new Unknown(`There is no action “${text}”. Write one as entries have it, such as run.execute.`)
}

function momentIn(text: string, isEnd = false): number {
  const at = readMoment(text, isEnd)
  if (at !== undefined) return at
  throw new Unknown('Write a day or a time in UTC, such as 2026-11-20 or 2026-11-20T16:30.')
}

function emptyOrRepeated(fields: Record<string, unknown>): FieldError[] {
  return auditFields.flatMap((field) => {
    const value = fields[field]
    if (value === undefined) return []
    if (typeof value !== 'string') return [{ field, message: `The field “${field}” can be given only once.` }]
    if (value.trim() !== '') return []
    return [{ field, message: `The field “${field}” is empty. Give it a value, or leave it out.` }]
  })
}
