import type { CredentialKind } from '../../store/ports/agents.ts'

export type Credential =
  | { type: 'bearer'; token: string }
  | { type: 'basic'; username: string; password: string }
  | { type: 'headers'; headers: Record<string, string> }

export const kindNames: Record<CredentialKind, string> = {
  bearer: 'bearer token',
  basic: 'user name and password',
  headers: 'headers',
}

export function headersOf(credential: Credential): Record<string, string> {
  switch (credential.type) {
    case 'bearer':
      return { authorization: `Bearer ${credential.token}` }
    case 'basic':
      return { authorization: `Basic ${Buffer.from(loginOf(credential)).toString('base64')}` }
    case 'headers':
      return credential.headers
  }
}

/** What must not be kept or shown wherever it turns up; values of headers are known to be such. */
export function secretsOf(credential: Credential): string[] {
  if (credential.type === 'basic') return [credential.password, loginOf(credential)].filter((one) => one !== '')
  return credential.type === 'bearer' ? [credential.token] : []
}

const loginOf = ({ username, password }: Credential & { type: 'basic' }): string => `${username}:${password}`
