import { z } from 'zod'
import { actorRoles } from '../../shared/role.ts'
import { jsonOrPage, pageOnly, problems } from '../http/answers.ts'
import { ofPages } from '../http/schemas.ts'

const next = z.string().default('').describe('Address of ours to go to afterwards')

export const showLogin = {
  hide: true,
  response: { 200: pageOnly('The form') },
  querystring: ofPages(z.object({ next: next.catch('') })),
}

export const beginSignOn = {
  hide: true,
  response: { 303: z.null().describe('To the single sign-on provider') },
  querystring: ofPages(z.object({ next: next.catch('') })),
}

/** Its query is the provider's answer. */
export const finishSignOn = { hide: true, response: { 303: z.null().describe('Logged in') } }

/** After a logout of somebody whom a provider let in. */
export const showLeft = { hide: true, response: { 200: pageOnly('Where else they are logged in') } }

const whoever = z.strictObject({
  user: z.strictObject({ name: z.string(), role: z.enum(actorRoles) }),
})

const tags = ['Access']

export const logIn = {
  tags,
  security: [],
  summary: 'Log in',
  description:
    'Begins a session, whose cookie comes with the answer. Programs should send a token with each request instead. After 10 tries for a name, or 20 from an address, the answer is 429 for up to five minutes.',
  body: z
    .strictObject({
      username: z.string('Give a name.').meta({ examples: ['ann'] }),
      password: z.string('Give the password.').meta({ examples: ['correct horse battery'] }),
      next: next.optional(),
    })
    .meta({ examples: [{ username: 'ann', password: 'correct horse battery' }] }),
  response: { 200: jsonOrPage('Logged in', whoever), ...problems(401, 422, 429) },
}

export const logOut = {
  tags,
  security: [{ session: [] }, {}],
  summary: 'Log out',
  description: 'Ends the session of the cookie.',
  response: { 200: jsonOrPage('Logged out', z.strictObject({ status: z.literal('logged-out') })) },
}

export const showSetup = { hide: true, response: { 200: pageOnly('The form') } }

/** With the token of the link that `--setup` prints. The user is an admin, and is logged in. */
export const setUp = {
  hide: true,
  body: z.strictObject({
    token: z.string('Open the link that the dashboard printed.').meta({ examples: ['the-part-of-the-link-after-#'] }),
    username: z.string('Give a name.').meta({ examples: ['ann'] }),
    password: z.string('Give a password.').meta({ examples: ['correct horse battery'] }),
  }),
  response: { 200: jsonOrPage('Made, and logged in', whoever), ...problems(403, 409, 422, 429) },
}
