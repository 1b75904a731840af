import type { Actor } from '../../shared/actor.ts'
import { ConflictError, InvalidInputError, NotFoundError } from '../../shared/errors.ts'
import type { User, UserStore } from '../../store/ports/access.ts'
import type { Passwords } from './passwords.ts'
import { readPassword } from './user-fields.ts'

export function createPasswordChange(deps: {
  store: Pick<UserStore, 'setPassword'>
  passwords: Passwords
  announce: (user: User, by: Actor) => void
}) {
  const { store, passwords, announce } = deps

  async function setPassword(user: User, password: string, by: Actor, exceptSession?: string): Promise<void> {
    if (user.source !== 'password') throw new ConflictError(`${user.name} logs in elsewhere, so has no password here.`)
    const hash = await passwords.hash(readPassword(password))
    // Whoever gave the old one must not undo a new one that an admin has set meanwhile.
    const but = exceptSession === undefined ? undefined : { exceptSession, before: user.passwordHash }
    const outcome = await store.setPassword(user.id, hash, but)
    if (outcome === 'gone') throw new NotFoundError('user', user.id)
    if (outcome === 'changed-before') throw wrongOldPassword()
    announce(user, by)
  }

  return {
    setPassword,

    async changeOwn(user: User, { old, password }: { old: string; password: string }, by: Actor, thisSession: string) {
      if (!(await passwords.isRight(old, user.passwordHash))) throw wrongOldPassword()
      await setPassword(user, password, by, thisSession)
    },
  }
}

function wrongOldPassword(): InvalidInputError {
  return new InvalidInputError([{ field: 'old', message: 'This is not your password.' }])
}
