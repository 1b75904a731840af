import { isIPv6 } from 'node:net'
import { type Config, ConfigError, type SettingName, settings } from '../config.ts'
import { isExposed } from '../shared/exposure.ts'
import { publicAddressOf } from './public-url.ts'
import type { GroupRole } from './sign-on.ts'

export type SingleSignOn = {
  issuer: string
  clientId: string
  clientSecret: string
  scopes: string
  groupsClaim: string
  /** Where browsers reach this dashboard, without a path. */
  origin: string
}

export type ProxyLogin = { userHeader: string; groupsHeader: string; proxies: string[] }

export type Login = { singleSignOn?: SingleSignOn; proxy?: ProxyLogin; roles: GroupRole[] }

/** Throws ConfigError where one of them is set by half: nobody must get in by what was not meant. */
export function loginOf(config: Config): Login {
  const login = { ...singleSignOnOf(config), ...proxyOf(config), roles: config.groupRoles }
  if (config.groupRoles.length > 0 && !login.singleSignOn && !login.proxy)
    refuse('groupRoles', ['oidcIssuer', 'proxyUserHeader'], 'or')
  return login
}

function singleSignOnOf(config: Config): Pick<Login, 'singleSignOn'> {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret } = config
  for (const name of ['oidcClientId', 'oidcClientSecret'] as const) if (config[name]) need(name, config, ['oidcIssuer'])
  if (issuer === '') return {}
  need('oidcIssuer', config, ['oidcClientId', 'groupRoles'])
  return {
    singleSignOn: {
      ...{ issuer, clientId, clientSecret, origin: originOf(config) },
      ...{ scopes: config.oidcScopes, groupsClaim: config.oidcGroupsClaim },
    },
  }
}

/** Never taken from a request: whoever sends one could choose it. */
function originOf(config: Config): string {
  const { origin } = publicAddressOf(config)
  if (origin !== undefined) return origin
  const { host, port } = config
  const isFixed = !isExposed(host) && port !== 0
  if (!isFixed) need('oidcIssuer', config, ['publicUrl'])
  if (['127.0.0.1', '::1'].includes(host)) return `http://localhost:${port}`
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
}

function proxyOf(config: Config): Pick<Login, 'proxy'> {
  const { proxyUserHeader: userHeader, proxyGroupsHeader: groupsHeader, trustedProxies: proxies } = config
  if (groupsHeader !== '') need('proxyGroupsHeader', config, ['proxyUserHeader'])
  if (userHeader === '') return {}
  need('proxyUserHeader', config, ['proxyGroupsHeader', 'trustedProxies', 'groupRoles'])
  return { proxy: { userHeader, groupsHeader, proxies } }
}

function need(set: SettingName, config: Config, needed: SettingName[]): void {
  const missing = needed.filter((name) => (config[name] as string | unknown[]).length === 0)
  if (missing.length > 0) refuse(set, missing, 'and')
}

function refuse(set: SettingName, missing: SettingName[], word: 'and' | 'or'): never {
  const names = missing.map((name) => settings[name].env)
  const needed = [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(` ${word} `)
  throw new ConfigError(`${settings[set].env} needs ${needed} too. Set what is missing, or unset ${settings[set].env}.`)
}
