import { expect, test } from 'vitest'
import { ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { api } from '../support/app.ts'

test('whoever asks learns who they are to the dashboard, and what they may do', async () => {
  const app = await buildAppWithUsers({})
  const local = await api(app, 'GET', '/whoami')
  expect(local.json).toEqual({
    ...{ name: 'local', role: 'admin', agents: null },
    ...{ known_by: 'nothing', user_id: null, token_id: null },
  })
  const { token, token_id } = (
    await api(app, 'POST', '/settings/tokens', { name: 'ci', role: 'operator', expires_in_days: 1 })
  ).json
  const { token: ofAgents } = (
    await api(app, 'POST', '/settings/tokens', { name: 'agents', kind: 'registration', expires_in_days: 1 })
  ).json
  const ann = { name: 'ann', password: 'password of ann', role: 'admin' }
  const { user_id } = (await api(app, 'POST', '/settings/users', ann)).json
  const bySession = await ask(app, await cookieFor(app, 'ann'), '/whoami')
  expect(bySession.json()).toMatchObject({ name: 'ann', role: 'admin', known_by: 'session', user_id, token_id: null })
  const byToken = await ask(app, '', '/whoami', { headers: { authorization: `Bearer ${token}` } })
  expect(byToken.json()).toMatchObject({ name: 'ci', role: 'operator', known_by: 'token', user_id: null, token_id })
  expect((await ask(app, '', '/whoami', { headers: { authorization: `Bearer ${ofAgents}` } })).statusCode).toBe(403)
  expect((await ask(app, '', '/whoami')).statusCode).toBe(401)
})
