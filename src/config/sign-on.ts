import { z } from 'zod'
import { isExposed } from '../shared/exposure.ts'
import { type ActorRole, actorRoles } from '../shared/role.ts'
import { addressRange } from './address-ranges.ts'
import { listOf, secret } from './kinds.ts'
import type { Table } from './table.ts'

export type GroupRole = [group: string, role: ActorRole]

export const signOn = {
  oidcIssuer: {
    value: z.string().transform(readIssuer).default(''),
    meaning: 'OpenID Connect provider for single sign-on: its issuer URL',
  },
  oidcClientId: { value: z.string().default(''), meaning: 'ID of this dashboard at the provider' },
  oidcClientSecret: {
    value: secret().default(''),
    meaning: 'secret of this dashboard at the provider',
    isSecret: true,
  },
  oidcScopes: {
    value: z
      .string()
      .refine(namesOpenid, 'must be scopes separated by spaces, "openid" among them')
      .default('openid profile email'),
    meaning: 'scopes to ask the provider for, separated by spaces',
  },
  oidcGroupsClaim: {
    value: z.string().min(1, 'must name a claim').default('groups'),
    meaning: "claim with a person's groups",
  },
  proxyUserHeader: {
    value: headerName().default(''),
    meaning: 'header in which a trusted proxy names the person it has logged in',
  },
  proxyGroupsHeader: {
    value: headerName().default(''),
    meaning: 'header in which it names their groups, separated by commas',
  },
  trustedProxies: {
    value: listOf(addressRange()).default([]),
    meaning:
      'addresses of proxies (10.0.0.7 or 10.0.0.0/24), separated by commas, whose X-Forwarded-For and login headers are believed',
  },
  groupRoles: {
    value: listOf(groupRole()).refine(isUnambiguous, 'must name each group once').default([]),
    meaning:
      'roles by group for single sign-on and proxy login, such as ops=operator,admins=admin; who has no role does not get in',
  },
} satisfies Table

function readIssuer(given: string, { addIssue }: z.RefinementCtx): string {
  const text = given.trim()
  if (text === '') return ''
  if (URL.canParse(text) && !/[?#@\\]/.test(text)) {
    const { protocol, hostname, href } = new URL(text)
    if (protocol === 'https:' || (protocol === 'http:' && !isExposed(hostname))) return href
  }
  addIssue({
    code: 'custom',
    message: 'must be an https URL, such as https://login.example.com/realms/main (http on this machine only)',
  })
  return z.NEVER
}

function namesOpenid(scopes: string): boolean {
  return scopes.split(' ').includes('openid') && /^[\x21-\x7e ]+$/.test(scopes)
}

function headerName() {
  return z
    .string()
    .regex(/^[\w-]*$/, 'must name a header, such as X-Forwarded-User')
    .transform((name) => name.toLowerCase())
}

function groupRole() {
  return z.string().transform((given, { addIssue }): GroupRole => {
    const at = given.lastIndexOf('=')
    const [group, name] = [given.slice(0, Math.max(at, 0)).trim(), given.slice(at + 1).trim()]
    const role = actorRoles.find((one) => one === name)
    if (group !== '' && role !== undefined) return [group, role]
    const message = `must hold groups with their roles, such as ops=operator (${actorRoles.join(', ')}): not "${given}"`
    addIssue({ code: 'custom', message })
    return z.NEVER
  })
}

function isUnambiguous(pairs: GroupRole[]): boolean {
  return new Set(pairs.map(([group]) => group)).size === pairs.length
}
