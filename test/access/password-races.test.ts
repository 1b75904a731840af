import { expect, test } from 'vitest'
import type { AccessStore } from '../../src/store/ports/access.ts'
import { ask, buildAppWithUsers, cookieFor, logIn, passwordOf } from '../support/access/people.ts'
import { openGivenStore } from '../support/store/database.ts'

const json = { 'content-type': 'application/json' }

/** Two people, and what is done after an old password was found right and before anything is saved for it. */
async function withBetween() {
  const between: (() => Promise<unknown>)[] = []
  const after = async <T>(change: () => Promise<T>): Promise<T> => {
    await between.shift()?.()
    return change()
  }
  const delayed = ({ users, sessions, ...rest }: AccessStore): AccessStore => ({
    ...rest,
    sessions: { ...sessions, add: (...given) => after(() => sessions.add(...given)) },
    users: { ...users, setPassword: (...given) => after(() => users.setPassword(...given)) },
  })
  const app = await buildAppWithUsers(
    { ann: 'admin', bob: 'viewer' },
    {},
    {
      async openStore(...given) {
        const store = await openGivenStore(...given)
        return { ...store, access: delayed(store.access) }
      },
    },
  )
  const [, bob] = await app.orchestrator.access.users.all()
  const admin = await cookieFor(app, 'ann')
  const reset = () =>
    ask(app, admin, `/settings/users/${bob!.id}/password`, {
      ...{ method: 'POST', headers: json, payload: JSON.stringify({ password: 'chosen by ann' }) },
    })
  return { app, between, reset }
}

test('a login with an old password that ends after a new one was set lets nobody in', async () => {
  const { app, between, reset } = await withBetween()
  between.push(reset)
  const late = await logIn(app, 'bob', passwordOf('bob'))
  expect(late.statusCode).toBe(401)
  expect(late.headers['set-cookie']).toBeUndefined()
  expect((await logIn(app, 'bob', 'chosen by ann')).statusCode).toBe(200)
})

test('whoever knew the old password does not undo the new one of an admin', async () => {
  const { app, between, reset } = await withBetween()
  const bob = await cookieFor(app, 'bob')
  between.push(reset)
  const payload = JSON.stringify({ old: passwordOf('bob'), password: 'chosen by bob' })
  const late = await ask(app, bob, '/settings/account/password', { method: 'POST', headers: json, payload })
  expect(late.statusCode).toBe(422)
  expect(late.json().errors).toEqual([{ field: 'old', message: 'This is not your password.' }])
  expect((await logIn(app, 'bob', 'chosen by bob')).statusCode).toBe(401)
  expect((await logIn(app, 'bob', 'chosen by ann')).statusCode).toBe(200)
})
