import { expect, test } from 'vitest'
import { loginOf } from '../../src/config/login.ts'
import { loadConfig } from '../../src/config.ts'

const env = (settings: Record<string, string>) =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [`CONFIGURABLE_AGENTS_${name}`, value]))
const read = (settings: Record<string, string>) => loginOf(loadConfig({}, env(settings)))

const oidc = { OIDC_ISSUER: 'https://login.example.com', OIDC_CLIENT_ID: 'x', GROUP_ROLES: 'ops=operator, a=b=admin' }
const proxy = {
  ...{ PROXY_USER_HEADER: 'X-User', PROXY_GROUPS_HEADER: 'X-Groups' },
  ...{ TRUSTED_PROXIES: '10.0.0.1,fd00::/8', GROUP_ROLES: 'ops=operator' },
}

test('single sign-on and a proxy are read', () => {
  expect(read({})).toEqual({ roles: [] })
  expect(read(oidc)).toMatchObject({
    singleSignOn: { issuer: 'https://login.example.com/', origin: 'http://localhost:8000', groupsClaim: 'groups' },
    roles: [
      ['ops', 'operator'],
      ['a=b', 'admin'],
    ],
  })
  const published = read({ ...oidc, HOST: '0.0.0.0', PUBLIC_URL: 'https://tools.example.com/agents/' })
  expect(published.singleSignOn?.origin).toBe('https://tools.example.com')
  expect(read(proxy).proxy).toEqual({
    userHeader: 'x-user',
    groupsHeader: 'x-groups',
    proxies: ['10.0.0.1', 'fd00::/8'],
  })
})

test.each([
  [{ OIDC_CLIENT_ID: 'x' }, 'OIDC_CLIENT_ID needs CONFIGURABLE_AGENTS_OIDC_ISSUER too.'],
  [{ OIDC_CLIENT_SECRET: 'x' }, 'OIDC_CLIENT_SECRET needs CONFIGURABLE_AGENTS_OIDC_ISSUER too.'],
  [
    { OIDC_ISSUER: 'https://x.example' },
    'needs CONFIGURABLE_AGENTS_OIDC_CLIENT_ID and CONFIGURABLE_AGENTS_GROUP_ROLES',
  ],
  [{ ...oidc, HOST: '0.0.0.0' }, 'OIDC_ISSUER needs CONFIGURABLE_AGENTS_PUBLIC_URL too.'],
  [{ ...oidc, PORT: '0' }, 'OIDC_ISSUER needs CONFIGURABLE_AGENTS_PUBLIC_URL too.'],
  [{ ...proxy, TRUSTED_PROXIES: '' }, 'PROXY_USER_HEADER needs CONFIGURABLE_AGENTS_TRUSTED_PROXIES too.'],
  [{ ...proxy, PROXY_USER_HEADER: '' }, 'PROXY_GROUPS_HEADER needs CONFIGURABLE_AGENTS_PROXY_USER_HEADER too.'],
  [{ GROUP_ROLES: 'ops=admin' }, 'CONFIGURABLE_AGENTS_OIDC_ISSUER or CONFIGURABLE_AGENTS_PROXY_USER_HEADER'],
] as Record<string, string>[][] as [Record<string, string>, string][])(
  'set by half, %j refuses to start',
  (settings, said) => {
    expect(() => read(settings)).toThrow(said)
  },
)

test.each([
  ['OIDC_ISSUER', 'http://login.example.com', 'must be an https URL'],
  ['OIDC_ISSUER', 'https://user@login.example.com', 'must be an https URL'],
  ['OIDC_SCOPES', 'profile', 'must be scopes'],
  ['GROUP_ROLES', 'ops=operater', 'must hold groups with their roles'],
  ['GROUP_ROLES', 'ops', 'must hold groups with their roles'],
  ['GROUP_ROLES', 'ops=viewer,ops=admin', 'must name each group once'],
  ['TRUSTED_PROXIES', '10.0.0.0/33', 'must hold addresses or ranges'],
  ['TRUSTED_PROXIES', 'proxy.example.com', 'must hold addresses or ranges'],
  ['TRUSTED_PROXIES', '10.0.0.0/', 'must hold addresses or ranges'],
  ['PROXY_USER_HEADER', 'X User', 'must name a header'],
])('%s does not take %s', (name, value, said) => {
  expect(() => loadConfig({}, env({ [name]: value }))).toThrow(said)
})
